using Hypersphere.Ranks;

// What the tests of ranks need as a process: "collectives" checks an MPI from inside, under mpirun; "compare" holds one run against another.
return args switch
{
    ["collectives"] => CollectiveCheck.Run(),
    ["compare", var one, var other, var losses, var weights] => RunComparison.Run(one, other, losses, weights),
    _ => 2,
};
