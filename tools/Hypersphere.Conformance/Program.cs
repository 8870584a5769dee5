using Hypersphere.Conformance;

return CaseList.Run(args, Console.Out, Console.Error);
