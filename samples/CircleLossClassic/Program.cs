using Hypersphere;
using Hypersphere.Losses.Pairs;
using Hypersphere.Tensors;

// The example of the CircleLoss repository: 256 random embeddings of ten classes, one softplus over all their pairs.
// Its "convert to pairs" is the loss' own work here, and embeddings need not be normalised before.
Rng random = new(seed: 0);
Parameter embeddings = new(new Shape(256, 64), ParameterKind.Weight);
foreach (ref float value in embeddings.Value.Span)
{
    value = (float)random.NextDouble();
}

int[] labels = [.. Enumerable.Range(0, 256).Select(_ => random.NextInt(10))];
Circle circle = new(new(Classes: 10, Embedding: 64, random), margin: 0.25f, gamma: 256, CircleScope.Batch);
using Tape tape = Tape.Record();
Tensor loss = circle.Forward(embeddings.Value, labels);
tape.Backward(loss);
double norm = Math.Sqrt(embeddings.Gradient!.ToArray().Sum(g => (double)g * g));
Console.WriteLine($"{circle}\nloss {loss.Item():F4}, length of the gradient {norm:F4}");
