return Hypersphere.Cli.HypersphereProgram.Run(args);
