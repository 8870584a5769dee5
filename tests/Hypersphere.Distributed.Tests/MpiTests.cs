namespace Hypersphere.Distributed.Tests;

public sealed class MpiTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hypersphere-mpi-").FullName;

    public static TheoryData<string> Launchers => [.. Mpi.Launchers.DefaultIfEmpty("mpirun")];

    private string Out => Path.Combine(_folder, "run");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [MpiTheory]
    [MemberData(nameof(Launchers))]
    public void Collectives_give_what_they_must(string launcher)
    {
        foreach (int ranks in new[] { 1, 2, 3 })
        {
            Outcome outcome = Mpi.Run(launcher, ranks, Mpi.Checks, "collectives");
            Assert.True(outcome.Code == 0 && outcome.Text.Contains($"ok: {ranks} ranks", StringComparison.Ordinal), outcome.Text);
        }
    }

    [MpiTheory]
    [MemberData(nameof(Launchers))]
    public void One_rank_prints_and_all_log(string launcher)
    {
        Outcome outcome = Mpi.Run(launcher, 2, [.. Train(), "--loss", "arcface(scale=16)", "--validate", "synthetic:classes=6,images=121,size=12,seed=1"]);
        Assert.True(outcome.Code == 0, outcome.Text);
        Assert.Single(Lines(outcome.Text, "valid "));
        Assert.Single(Lines(outcome.Text, "test "));
        Assert.Single(Lines(outcome.Text, "train "));
        Assert.Single(Lines(outcome.Text, "report "));
        Assert.Single(Lines(outcome.Text, "ranks  2: 0 on "));
        Assert.Single(Lines(File.ReadAllText(Path.Combine(Out, "rank-0.log")), "train "));
        Assert.Single(Lines(File.ReadAllText(Path.Combine(Out, "rank-1.log")), "done "));
    }

    [MpiTheory]
    [MemberData(nameof(Launchers))]
    public void A_head_is_timed_over_ranks(string launcher)
    {
        string[] bench = [Mpi.Program, "bench", "head", "--batch", "5", "--classes", "31", "--dim", "8", "--threads", "1", "--runs", "2", "--seconds", "0"];
        foreach (string[] more in (string[][])[["--optimizer", "sgd"], ["--optimizer", "sgd", "--partial-fc", "0.5"], ["--loss", "triplet"]])
        {
            Outcome outcome = Mpi.Run(launcher, 2, [.. bench, .. more, "--json"]);
            Assert.True(outcome.Code == 0, outcome.Text);
            string line = Assert.Single(Lines(outcome.Text, "{"));
            Assert.Contains("\"ranks\":2,\"threads\":1,", line, StringComparison.Ordinal);
            Assert.Contains("x8\"", line, StringComparison.Ordinal);
        }

        Outcome unlike = Mpi.Run(launcher, ["-np", "1", .. bench, ":", "-np", "1", .. bench, "--partial-fc", "0.5"]);
        Assert.NotEqual(0, unlike.Code);
        Assert.Contains("--partial-fc is “0.5” there and not given here", unlike.Text, StringComparison.Ordinal);
        Assert.Contains(" 2×1 ", Mpi.Run(launcher, 2, bench).Text, StringComparison.Ordinal);
    }

    [MpiTheory]
    [MemberData(nameof(Launchers))]
    public void Ranks_that_were_asked_for_different_things_are_refused(string launcher)
    {
        string[] other = [.. Train(), "--seed", "7"];
        Outcome outcome = Mpi.Run(launcher, ["-np", "1", .. Train(), ":", "-np", "1", .. other]);
        Assert.NotEqual(0, outcome.Code);
        Assert.Contains("hypersphere: rank 1 on ", outcome.Text, StringComparison.Ordinal);
        Assert.Contains("--seed is “7” there and not given here; give all ranks the same.", outcome.Text, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(Out, "checkpoints")));
    }

    [MpiTheory]
    [MemberData(nameof(Launchers))]
    public void Ranks_that_see_different_data_are_refused(string launcher)
    {
        string set = Path.Combine(_folder, "images");
        foreach (string name in new[] { "a", "b" })
        {
            for (int i = 0; i < 8; i++)
            {
                Directory.CreateDirectory(Path.Combine(set, name));
                File.WriteAllBytes(Path.Combine(set, name, $"{i}.pgm"), [.. "P5 8 8 255\n"u8, .. new byte[64]]);
            }
        }

        // one rank works in another folder, so that the same relative path is another set
        string elsewhere = Directory.CreateDirectory(Path.Combine(_folder, "elsewhere", "images", "a")).FullName;
        Directory.CreateDirectory(Path.Combine(_folder, "elsewhere", "images", "c"));
        File.Copy(Path.Combine(set, "a", "0.pgm"), Path.Combine(elsewhere, "0.pgm"));
        File.Copy(Path.Combine(set, "a", "0.pgm"), Path.Combine(_folder, "elsewhere", "images", "c", "0.pgm"));
        string[] train = [Mpi.Program, "train", "--data", "images", "--size", "8x8", "--holdout", "0", "--batch", "2", "--threads", "1", "--out", Out];
        Outcome outcome = Mpi.Run(
            launcher, ["-np", "1", "-wdir", _folder, .. train, ":", "-np", "1", "-wdir", Path.Combine(_folder, "elsewhere"), .. train]);
        Assert.NotEqual(0, outcome.Code);
        Assert.Contains("rank 1 on ", outcome.Text, StringComparison.Ordinal);
        Assert.Contains("the data is “", outcome.Text, StringComparison.Ordinal);
    }

    [MpiTheory]
    [MemberData(nameof(Launchers))]
    public void What_fails_on_one_rank_ends_all_and_names_it(string launcher)
    {
        string[] fails = [Mpi.Program, "train", "--data", Path.Combine(_folder, "nothing"), "--out", Out];
        Outcome all = Mpi.Run(launcher, ["-np", "2", .. fails]);
        Assert.Equal(2, all.Code);
        Assert.Single(Lines(all.Text, "hypersphere: "));
        Assert.Contains("no such folder", all.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("rank 1 on", all.Text, StringComparison.Ordinal);
    }

    [MpiTheory]
    [MemberData(nameof(Launchers))]
    public void What_fails_on_one_rank_in_the_middle_of_training_ends_all_while_others_wait_for_it(string launcher)
    {
        string set = Path.Combine(_folder, "images");
        for (int i = 0; i < 64; i++)
        {
            string folder = Directory.CreateDirectory(Path.Combine(set, i % 2 == 0 ? "a" : "b")).FullName;
            File.WriteAllBytes(Path.Combine(folder, $"{i}.pgm"), [.. "P5 8 8 255\n"u8, .. new byte[i == 41 ? 20 : 64]]);
        }

        Outcome outcome = Mpi.Run(
            launcher, 2, Mpi.Program, "train", "--data", set, "--size", "8x8", "--holdout", "0", "--batch", "8", "--threads", "1", "--out", Out);
        Assert.NotEqual(0, outcome.Code);
        Assert.Contains("41.pgm", Assert.Single(Lines(outcome.Text, "hypersphere: ")), StringComparison.Ordinal);
        Assert.InRange(outcome.Time, TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    [MpiTheory]
    [MemberData(nameof(Launchers))]
    public void Killed_ranks_and_the_course_over_ranks(string launcher)
    {
        Outcome outcome = Mpi.Run("bash", [Path.Combine(Mpi.Root, "tests/acceptance/ranks.sh"), launcher, "2"]);
        Assert.True(outcome.Code == 0 && outcome.Text.EndsWith("ok\n", StringComparison.Ordinal), outcome.Text);
    }

    private static IEnumerable<string> Lines(string text, string beginning) =>
        text.Split('\n').Where(l => l.StartsWith(beginning, StringComparison.Ordinal));

    private string[] Train() =>
    [
        Mpi.Program, "train", "--data", "synthetic:classes=6,images=240,size=12", "--backbone", "small-cnn(embedding=16, width=8)", "--batch", "32",
        "--epochs", "1", "--threads", "1", "--out", Out,
    ];
}
