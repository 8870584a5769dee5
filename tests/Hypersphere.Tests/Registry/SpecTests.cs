using Hypersphere.Backbones;
using Hypersphere.Losses;
using Hypersphere.Losses.Classification;
using Hypersphere.Optimizers;
using Hypersphere.Registry;

namespace Hypersphere.Tests.Registry;

public sealed class SpecTests
{
    private static readonly LossContext _context = new(10, 8, new Rng(1));

    [Fact]
    public void A_specification_comes_back_whole()
    {
        Loss loss = Registry<Loss>.Create(" arcface( scale=30,margin=0.25 ,gradient=straight-through)", _context);
        Assert.Equal("arcface(margin=0.25, scale=30, easy_margin=false, gradient=straight-through, past_pi=fall)", loss.ToString());
        Assert.Equal(loss.ToString(), Registry<Loss>.Create(loss.ToString(), _context).ToString());
    }

    [Fact]
    public void Every_component_round_trips_its_defaults()
    {
        Assert.All(Registry<Loss>.All, c => RoundTrip(Registry<Loss>.Create(c.Attribute.Name, _context), s => Registry<Loss>.Create(s, _context)));
        Assert.All(Registry<Optimizer>.All, c => RoundTrip(Registry<Optimizer>.Create(c.Attribute.Name), s => Registry<Optimizer>.Create(s)));
        Assert.All(Registry<Schedule>.All, c => RoundTrip(Registry<Schedule>.Create(c.Attribute.Name), s => Registry<Schedule>.Create(s)));
        BackboneContext images = new(28, 28, 1, new Rng(1));
        Assert.All(Registry<Backbone>.All, c => RoundTrip(Registry<Backbone>.Create(c.Attribute.Name, images), s => Registry<Backbone>.Create(s, images)));
    }

    [Fact]
    public void Aliases_are_understood()
    {
        Assert.IsType<CosFace>(Registry<Loss>.Create("am-softmax", _context));
        Assert.IsType<NormalizedSoftmax>(Registry<Loss>.Create("normface(scale=16)", _context));
    }

    [Theory]
    [InlineData("arcfce", "there is no loss 'arcfce', did you mean 'arcface'?")]
    [InlineData("arcface(margin=28.6)", "angles are in radians: 28.6° is 0.4992")]
    [InlineData("arcface(margn=0.5)", "did you mean 'margin'?")]
    [InlineData("arcface(scale=0)", "scale must be in 0.01 … 4096 but is 0")]
    [InlineData("arcface(scale=many)", "scale must be a number but is 'many'")]
    [InlineData("arcface(gradient=wrong)", "gradient must be one of exact | straight-through")]
    [InlineData("arcface(margin=0.5", "is not a specification")]
    [InlineData("arcface(0.5)", "is not a specification")]
    [InlineData("arcface(margin=1,margin=2)", "gives margin twice")]
    [InlineData("arcface(margin=NaN)", "margin must be a number")]
    [InlineData("", "is not a specification")]
    public void Mistakes_are_explained_in_one_line(string spec, string part)
    {
        InputException error = Assert.Throws<InputException>(() => Registry<Loss>.Create(spec, _context));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_loss_of_ones_own_is_registered_once()
    {
        Registry<Loss>.Register<Doubled>();
        Registry<Loss>.Register<Doubled>();
        Assert.Equal("test-doubled(scale=3)", Registry<Loss>.Create("test-doubled(scale=3)", _context).ToString());
        Assert.Throws<ArgumentException>(Registry<Loss>.Register<Impostor>);
    }

    private static void RoundTrip(object component, Func<string, object> create) =>
        Assert.Equal(component.ToString(), create(component.ToString()!).ToString());

    [Component("test-doubled")]
    public sealed class Doubled(LossContext context, float scale = 2) : MarginSoftmaxLoss(context, scale)
    {
        protected override void Target(in TargetBatch batch)
        {
            batch.Cosines.CopyTo(batch.Values);
            batch.Slopes.Fill(1);
        }
    }

    [Component("arcface")]
    public sealed class Impostor(LossContext context, float scale = 2) : MarginSoftmaxLoss(context, scale)
    {
        protected override void Target(in TargetBatch batch) => batch.Slopes.Fill(1);
    }
}
