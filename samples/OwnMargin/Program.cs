using Hypersphere.Cli;
using Hypersphere.Losses;
using Hypersphere.Registry;
using OwnMargin;

Registry<Loss>.Register<HalfArc>();
return HypersphereProgram.Run(args);
