using Hypersphere.Kernels;
using Hypersphere.Tensors;

namespace Hypersphere.Layers;

/// <summary>Makes a network for use only: batch norms behind convolutions and linear layers become part of their weights, and rectifiers behind
/// those part of the convolutions.</summary>
internal static class Folding
{
    /// <summary>The same function as the traced network in use, with fewer passes over memory. Weights are copied where they change: later
    /// changes of the original are not seen.</summary>
    /// <remarks>γ·(w·x + b − μ)/√(σ² + ε) + β = (s·w)·x + s·(b − μ) + β with s = γ/√(σ² + ε).</remarks>
    public static Layer Apply(NetworkGraph graph)
    {
        int[] uses = new int[graph.Nodes.Count + 1], values = new int[graph.Nodes.Count + 1];
        foreach (int value in graph.Nodes.SelectMany(n => n.Inputs).Append(graph.Output))
        {
            uses[value]++;
        }

        List<GraphStep> steps = [];
        HashSet<Module> copies = [];
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            GraphNode node = graph.Nodes[i];
            int before = node.Inputs[0];
            bool folds = node.Module is BatchNorm && before > 0 && uses[before] == 1 && values[before] == steps.Count;
            bool follows = before > 0 && uses[before] == 1 && values[before] == steps.Count && copies.Contains(steps[^1].Module);
            if (follows && Absorbs(steps[^1].Module, node.Module))
            {
                values[i + 1] = steps.Count;
                continue;
            }

            if (folds && Folded(graph.Nodes[before - 1].Module, (BatchNorm)node.Module) is { } folded)
            {
                steps[^1] = steps[^1] with { Module = folded };
                copies.Add(folded);
            }
            else
            {
                steps.Add(new GraphStep($"{steps.Count}", node.Module, [.. node.Inputs.Select(v => values[v])]));
            }

            values[i + 1] = steps.Count;
        }

        ModuleGraph whole = new(steps);
        Layer network = InSlices.Suits(graph) ? new InSlices(whole, graph) : whole;
        network.SetTraining(false);
        return network;
    }

    /// <summary>Whether the rectifier became part of the convolution, a copy that nobody else sees.</summary>
    private static bool Absorbs(Module convolution, Module rectifier)
    {
        ReadOnlySpan<float> slopes = rectifier switch
        {
            PReLU p => p.Slope.Value.Span,
            LeakyReLU l => [l.Slope],
            ReLU => [0f],
            _ => [],
        };
        int channels = convolution switch
        {
            Conv2d { Slopes: null } c => c.Outputs,
            DepthwiseConv2d { Slopes: null } d => d.Channels,
            _ => 0,
        };
        if (slopes.IsEmpty || channels == 0)
        {
            return false;
        }

        Tensor all = Tensor.EmptyUnscoped(new Shape(channels));
        for (int c = 0; c < channels; c++)
        {
            all.Span[c] = slopes[slopes.Length == 1 ? 0 : c];
        }

        _ = convolution is Conv2d dense ? dense.Slopes = all : ((DepthwiseConv2d)convolution).Slopes = all;
        return true;
    }

    /// <summary>One layer that does what two did, or null where the first cannot take the norm in.</summary>
    private static Layer? Folded(Module module, BatchNorm norm)
    {
        Rng none = new(0);
        switch (module)
        {
            case Conv2d c:
                Conv2d dense = new(c.Inputs, c.Outputs, c.Kernel, none, c.Stride, c.Padding, c.Dilation, c.Groups, initializer: Initializers.Constant(0))
                {
                    Kept = new KeptWeights(),
                };
                Fill(norm, c.Weight, c.Bias, dense.Weight, dense.Bias!, perRow: true);
                return dense;
            case DepthwiseConv2d d:
                DepthwiseConv2d depthwise = new(d.Channels, d.Kernel, none, d.Stride, d.Padding, Initializers.Constant(0), bias: true);
                Fill(norm, d.Weight, d.Bias, depthwise.Weight, depthwise.Bias!, perRow: false);
                return depthwise;
            case Linear l:
                Linear linear = new(l.Weight.Value.Shape[1], l.Weight.Value.Shape[0], none, initializer: Initializers.Constant(0), layout: l.Weight.Layout);
                Fill(norm, l.Weight, l.Bias, linear.Weight, linear.Bias!, perRow: true);
                return linear;
            default:
                return null;
        }
    }

    /// <param name="norm">What follows.</param>
    /// <param name="weight">Of the layer as it was.</param>
    /// <param name="bias">Its bias, if it has one.</param>
    /// <param name="newWeight">Receives s·w.</param>
    /// <param name="newBias">Receives s·(b − μ) + β.</param>
    /// <param name="perRow">Whether channels are the first axis of the weight, or the last.</param>
    private static void Fill(BatchNorm norm, Parameter weight, Parameter? bias, Parameter newWeight, Parameter newBias, bool perRow)
    {
        int channels = norm.Channels, run = weight.Value.Count / channels;
        double[] scale = new double[channels];
        for (int c = 0; c < channels; c++)
        {
            scale[c] = (norm.Scale?.Value.Span[c] ?? 1) / Math.Sqrt((double)norm.RunningVariance.Span[c] + norm.Epsilon);
            newBias.Value.Span[c] = (float)((scale[c] * ((bias?.Value.Span[c] ?? 0) - norm.RunningMean.Span[c])) + (norm.Shift?.Value.Span[c] ?? 0));
        }

        Span<float> from = weight.Value.Span, to = newWeight.Value.Span;
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = (float)(scale[perRow ? i / run : i % channels] * from[i]);
        }
    }
}
