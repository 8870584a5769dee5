using Hypersphere.Data;
using Hypersphere.Losses;
using Hypersphere.Registry;
using Hypersphere.Training;
using OwnMargin;

Registry<Loss>.Register<HalfArc>();
SyntheticImages images = new(classes: 5, images: 640);
using Trainer trainer = Trainer.Begin(new TrainingOptions { Loss = "half-arc(margin=0.2)", LearningRate = 0.02f, Batch = 32, Epochs = 3 }, images);
trainer.Run(p => Console.WriteLine($"step {p.Step}  loss {p.Loss:0.000}  own angle {p.OwnAngle:0.0}°"));
