using Hypersphere.Benchmarks.Layout;

if (args is ["layout", ..])
{
    LayoutBenchmark.Run(args.ElementAtOrDefault(1));
    return;
}

BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
