using Hypersphere;
using Hypersphere.Backbones;
using Hypersphere.Data;
using Hypersphere.Evaluation;
using Hypersphere.Losses.Classification;
using Hypersphere.Optimizers;
using Hypersphere.Tensors;
using Hypersphere.Training;

ImageSource images = args.Length > 0 ? ImageSource.Open(args[0]) : new SyntheticImages(classes: 5, images: 640);
Rng random = new(seed: 0);
SmallCnn backbone = new(new(images.Height, images.Width, images.Channels, random.Fork("backbone")), embedding: 64);
ArcFace head = new(new(images.ClassNames.Count, backbone.Embedding, random.Fork("head")), margin: 0.3f, scale: 16);
Sgd optimizer = new(momentum: 0.9f);
optimizer.Attach([.. backbone.Parameters(), .. head.Parameters()]);
using DataLoader loader = new(images, new() { BatchSize = 32 }, random.Fork("data"));
for (int epoch = 0; epoch < 3; epoch++)
{
    foreach (ImageBatch batch in loader.Epoch(epoch))
    {
        using Tape tape = Tape.Record();
        Tensor loss = head.Forward(backbone.Forward(batch.ToTensor()), batch.Labels);
        tape.Backward(loss);
        optimizer.Step(learningRate: 0.02f);
    }
}

EmbeddingSet embeddings = new EmbeddingModel(backbone, head, images.ClassNames).Embed(images);
Console.WriteLine($"precision@1 {Retrieval.Evaluate(embeddings).PrecisionAt1:P1}");
