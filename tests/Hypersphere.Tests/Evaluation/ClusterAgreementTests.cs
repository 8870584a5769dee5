using Hypersphere.Evaluation;

namespace Hypersphere.Tests.Evaluation;

public class ClusterAgreementTests
{
    [Fact]
    public void Same_partition_under_other_names_is_perfect()
    {
        ClusterAgreement same = ClusterAgreement.Measure([0, 0, 1, 1, 2], [7, 7, 3, 3, 9]);
        Assert.Equal(1, same.Nmi, 12);
        Assert.Equal(1, same.Ami, 12);
        Assert.Equal(1, same.Ari, 12);
        Assert.Equal(1, same.VMeasure, 12);
    }

    [Fact]
    public void Two_by_two_by_hand()
    {
        // classes 0 0 1 1 against clusters 0 0 0 1: H = ln 2 and H(3/4); I = ½ ln(4·2/(2·3)) + ¼ ln(4/(2·3)) + ¼ ln(4/2)
        ClusterAgreement found = ClusterAgreement.Measure([0, 0, 1, 1], [0, 0, 0, 1]);
        double information = (0.5 * Math.Log(8 / 6.0)) + (0.25 * Math.Log(4 / 6.0)) + (0.25 * Math.Log(2));
        double clusters = -((0.75 * Math.Log(0.75)) + (0.25 * Math.Log(0.25)));
        Assert.Equal(information / Math.Log(2), found.Homogeneity, 12);
        Assert.Equal(information / clusters, found.Completeness, 12);
        Assert.Equal(2 * information / (clusters + Math.Log(2)), found.Nmi, 12);

        // every clustering of these sizes has this table up to symmetry, so chance explains all of it
        Assert.Equal(0, found.Ami, 12);
        Assert.Equal(0, found.Ari, 12);
    }

    [Fact]
    public void One_class_and_one_cluster_agree()
    {
        ClusterAgreement one = ClusterAgreement.Measure([4, 4], [1, 1]);
        Assert.Equal((1, 1, 1, 1), (one.Nmi, one.Ami, one.Ari, one.VMeasure));
        ClusterAgreement split = ClusterAgreement.Measure([4, 4], [1, 2]);
        Assert.Equal((0, 1, 0), (split.Nmi, split.Homogeneity, split.Completeness));
        Assert.Throws<InputException>(() => ClusterAgreement.Measure([], []));
        Assert.Throws<InputException>(() => ClusterAgreement.Measure([1], [1, 2]));
    }
}
