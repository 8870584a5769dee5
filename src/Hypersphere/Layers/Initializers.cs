namespace Hypersphere.Layers;

/// <summary>Fills new weights.</summary>
/// <param name="values">The weights.</param>
/// <param name="fanIn">Inputs of one output.</param>
/// <param name="fanOut">Outputs that one input reaches.</param>
/// <param name="random">Where the values come from.</param>
public delegate void Initializer(Span<float> values, int fanIn, int fanOut, Rng random);

/// <summary>Initialisers by the names that the field uses.</summary>
public static class Initializers
{
    /// <summary>U(±1/√fanIn): what PyTorch's layers do by default (Kaiming uniform with a = √5).</summary>
    public static Initializer FanIn { get; } = (w, fanIn, _, random) => Uniform(w, 1 / Math.Sqrt(fanIn), random);

    /// <summary>U(±√(6/fanIn)): He et al., ICCV 2015, for rectifiers.</summary>
    public static Initializer KaimingUniform { get; } = (w, fanIn, _, random) => Uniform(w, Math.Sqrt(6.0 / fanIn), random);

    /// <summary>N(0, 2/fanIn): He et al., ICCV 2015, for rectifiers.</summary>
    public static Initializer KaimingNormal { get; } = (w, fanIn, _, random) => random.FillGaussian(w, Math.Sqrt(2.0 / fanIn));

    /// <summary>U(±√(6/(fanIn + fanOut))): Glorot and Bengio, AISTATS 2010.</summary>
    public static Initializer XavierUniform { get; } =
        (w, fanIn, fanOut, random) => Uniform(w, Math.Sqrt(6.0 / ((double)fanIn + fanOut)), random);

    /// <summary>N(0, 2/(fanIn + fanOut)): Glorot and Bengio, AISTATS 2010.</summary>
    public static Initializer XavierNormal { get; } =
        (w, fanIn, fanOut, random) => random.FillGaussian(w, Math.Sqrt(2.0 / ((double)fanIn + fanOut)));

    /// <summary>N(0, deviation²).</summary>
    public static Initializer Normal(double deviation) => (w, _, _, random) => random.FillGaussian(w, deviation);

    /// <summary>Every weight the same.</summary>
    public static Initializer Constant(float value) => (w, _, _, _) => w.Fill(value);

    private static void Uniform(Span<float> w, double bound, Rng random)
    {
        foreach (ref float value in w)
        {
            value = (float)(bound * ((2 * random.NextDouble()) - 1));
        }
    }
}
