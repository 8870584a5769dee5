using Hypersphere;
using Hypersphere.Losses;
using Hypersphere.Registry;
using Hypersphere.Reports;

// The curve that explains ArcFace's two forms: cos(θ + m) everywhere but past π − m (hard), or only under 90° (easy).
double[] angles = [.. Enumerable.Range(0, 181).Select(degrees => degrees * Math.PI / 180)];
MarginCurve[] curves = [Draw("arcface(margin=0.5, easy_margin=true)"), Draw("arcface(margin=0.5)")];

Console.WriteLine("angle     cos θ      easy      hard");
for (int degrees = 0; degrees <= 180; degrees += 15)
{
    double cosine = Math.Cos(angles[degrees]);
    Console.WriteLine(FormattableString.Invariant(
        $"{degrees,4}°  {cosine,8:0.0000}  {curves[0].Points[degrees].Psi,8:0.0000}  {curves[1].Points[degrees].Psi,8:0.0000}"));
}

string path = args.Length > 0 ? args[0] : "easy-and-hard.html";
MarginCurvePage.Write(curves, path);
Console.WriteLine($"curves {path}");

MarginCurve Draw(string spec)
{
    var loss = (MarginSoftmaxLoss)Registry<Loss>.Create(spec, new LossContext(Classes: 2, Embedding: 2, new Rng(0)));
    (float[] values, float[] slopes) = loss.Curve(angles);
    MarginPoint[] points = [.. angles.Select((theta, i) => new MarginPoint(theta * 180 / Math.PI, values[i], slopes[i]))];
    return new MarginCurve(spec, points, Registry<Loss>.Find("arcface").Attribute.Paper);
}
