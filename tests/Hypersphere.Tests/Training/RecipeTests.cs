using Hypersphere.Backbones;
using Hypersphere.Data;
using Hypersphere.Losses;
using Hypersphere.Optimizers;
using Hypersphere.Registry;
using Hypersphere.Training;

namespace Hypersphere.Tests.Training;

public sealed class RecipeTests
{
    public static TheoryData<string> All => [.. Recipe.All.Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(All))]
    public void What_it_names_can_be_built(string name)
    {
        TrainingOptions options = Recipe.Find(name).Options;
        options.Validate();
        Assert.NotNull(Loss.Create(options.Loss, new LossContext(3, 8, new Rng(1))));
        Assert.NotNull(Registry<Optimizer>.Create(options.Optimizer));
        Assert.NotNull(Registry<Schedule>.Create(options.Schedule));
        Assert.Equal(name == "finetune" ? "small-cnn" : options.Backbone, options.Backbone);
        Assert.NotNull(Registry<Backbone>.Create(options.Backbone, new BackboneContext(112, 112, 3, new Rng(1))));
        Assert.NotEmpty(Augmentation.Parse(options.Augment + " + flip"));
    }

    [Fact]
    public void An_unknown_one_is_told_with_the_nearest() =>
        Assert.Contains("did you mean 'finetune'", Assert.Throws<InputException>(() => Recipe.Find("fintune")).Message, StringComparison.Ordinal);
}
