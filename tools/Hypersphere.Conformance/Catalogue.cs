namespace Hypersphere.Conformance;

/// <summary>Computes what a published function computes, by means of the library.</summary>
internal delegate Outputs CaseFunction(Case input);

/// <summary>The published functions that the library stands in for, by verb and name.</summary>
internal static class Catalogue
{
    private static readonly (string Verb, IReadOnlyDictionary<string, CaseFunction> Names)[] _groups =
    [
        ("loss", ProxyCases.Names),
        ("loss", ProxyStateCases.Names),
        ("loss", ProxyMatrixCases.Names),
        ("loss", PairCases.Names),
        ("loss", BatchCases.Names),
        ("mine", MinerCases.Names),
        ("eval", EvalCases.Names),
        ("partial-fc", PartialFcCases.Names),
    ];

    /// <summary>The function of a name.</summary>
    /// <exception cref="NotImplementedException">Nothing stands in for it.</exception>
    public static CaseFunction Find(string verb, string name)
    {
        foreach ((string kind, IReadOnlyDictionary<string, CaseFunction> names) in _groups)
        {
            if (kind == verb && names.TryGetValue(name, out CaseFunction? function))
            {
                return function;
            }
        }

        throw new NotImplementedException($"nothing stands in for {verb} {name}");
    }
}
