using Hypersphere.Evaluation;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Tests.Evaluation;

[Collection(Alone.Name)]
public class ThreadTests
{
    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        EmbeddingSet set = TestSets.Clusters(1100, 7, 20, 4);
        float[] prototypes = TestSets.Clusters(20, 7, 20, 5).Values;
        VerificationPairs pairs = VerificationPairs.Balanced(set.Labels, 200, new Rng(1));
        int threads = WorkerPool.Shared.Threads;
        WorkerPool.Configure(1);
        string one = Everything(set, pairs, prototypes);
        WorkerPool.Configure(3);
        string three = Everything(set, pairs, prototypes);
        WorkerPool.Configure(threads);
        Assert.Equal(one, three);
    }

    private static string Everything(EmbeddingSet set, VerificationPairs pairs, float[] prototypes)
    {
        EvaluationResult result = EvaluationResult.Measure(set, pairs, prototypes);
        result = result with { Intervals = Bootstrap.Of(result.Verification!, new Rng(1), null, 30) };
        HardestPairs hard = HardestPairs.Of(set, 5);
        AllPairsResult all = AllPairs.Measure(set);
        return string.Join(
            '\n',
            [
                result.ToJson(), .. hard.Genuine.Concat(hard.Impostor), .. Projection.Of(set).Points.Cast<object>(),
                all.Curve.Auc, all.Curve.Eer, .. all.Genuine.Counts.Cast<object>(),
            ]);
    }
}
