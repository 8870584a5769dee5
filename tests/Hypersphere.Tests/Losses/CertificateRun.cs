using Hypersphere.Losses;
using Hypersphere.Oracles.Losses;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Tests.Losses;

/// <summary>One loss on one batch against its oracle.</summary>
/// <param name="Spec">The specification.</param>
/// <param name="Kind">The batch.</param>
/// <param name="ValueError">Of the loss, relative to its size or 1.</param>
/// <param name="GradientError">Of the gradients, relative to the largest number of each.</param>
/// <param name="IsFinite">Whether loss and gradients are.</param>
/// <param name="Where">Where the gradient is worst.</param>
internal sealed record CertificateRun(string Spec, HardCase Kind, double ValueError, double GradientError, bool IsFinite, string Where)
{
    /// <summary>Every batch for every specification of a component.</summary>
    public static IReadOnlyList<CertificateRun> All(ComponentInfo component, Certificate certificate)
    {
        string name = component.Attribute.Name;
        bool detach = component.Attribute.Detached.Length > 0;
        string large = certificate.Large ?? (component.Parameters.Any(p => p.Name == "scale") ? $"{name}(scale=256)" : name);
        return
        [
            .. from spec in certificate.Variants.Prepend(name)
               from kind in Enum.GetValues<HardCase>().Except([HardCase.LargeScale])
               select Of(spec, kind, certificate, detach),
            Of(large, HardCase.LargeScale, certificate, detach),
        ];
    }

    private static CertificateRun Of(string spec, HardCase kind, Certificate certificate, bool detach)
    {
        Loss loss = Registry<Loss>.Create(spec, new LossContext(CertificateCase.Classes, CertificateCase.Size, new Rng(5)));
        CertificateCase batch = CertificateCase.For(kind, loss);
        Parameter x = new(new Shape(batch.Labels.Length, CertificateCase.Size), ParameterKind.Weight);
        Array.ConvertAll(batch.Embeddings, v => (float)v).CopyTo(x.Value.Span);
        Parameter[] inputs = [x, .. loss.Parameters().Select(p => p.Parameter)];
        double[][] values = [.. inputs.Select(p => Array.ConvertAll(p.Value.ToArray(), v => (double)v))];
        LossOracle oracle = certificate.Oracle(loss, batch.Labels);
        double expected = oracle.Value(values, values), got = Train(loss, x, batch.Labels);
        float[][] gradients = [.. inputs.Select(p => p.Gradient?.ToArray() ?? new float[p.Value.Count])];
        bool isFinite = double.IsFinite(got) && gradients.All(g => g.All(float.IsFinite));
        (double Error, string Where) worst = (0, "");
        for (int k = 0; k < inputs.Length && !certificate.Except.ContainsKey(kind); k++)
        {
            double[] difference = oracle.Gradient(values, k, detach);
            if (kind == HardCase.ZeroRow && k == 0)
            {
                (difference, gradients[0]) = (difference[CertificateCase.Size..], gradients[0][CertificateCase.Size..]);
            }

            worst = Worse(worst, difference, gradients[k], $"input {k}");
        }

        return new(spec, kind, Math.Abs(expected - got) / Math.Max(1, Math.Abs(expected)), worst.Error, isFinite, worst.Where);
    }

    private static float Train(Loss loss, Parameter x, int[] labels)
    {
        using Tape tape = Tape.Record();
        Tensor value = loss.Forward(x.Value, labels);
        if (value.NeedsGradient)
        {
            tape.Backward(value);
        }

        return value.Item();
    }

    private static (double Error, string Where) Worse((double Error, string Where) worst, double[] expected, float[] got, string where)
    {
        double scale = Math.Max(expected.Max(Math.Abs), 1e-3);
        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs(expected[i] - got[i]) / scale;
            worst = error <= worst.Error ? worst : (error, $"{where}[{i}]: {expected[i]:g6} against {got[i]:g6}");
        }

        return worst;
    }
}
