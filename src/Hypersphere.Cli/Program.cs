using Hypersphere.Cli;

return CommandLine.Run(args, Terminal.OfProcess());
