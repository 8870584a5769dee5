using System.Text;
using Hypersphere.Formats;
using Hypersphere.Oracles;

namespace Hypersphere.Imaging.Tests;

public sealed class AlignmentTests
{
    [Fact]
    public void The_fit_finds_the_transform_that_made_the_points()
    {
        SimilarityTransform made = new(1.3 * Math.Cos(0.4), 1.3 * Math.Sin(0.4), -7, 12);
        (double X, double Y)[] from = [.. FaceAlignment.Template], to = [.. from.Select(p => made.Map(p.X, p.Y))];
        SimilarityTransform found = SimilarityTransform.Fit(from, to);
        Assert.Equal(made.A, found.A, 1e-12);
        Assert.Equal(made.B, found.B, 1e-12);
        Assert.Equal(made.C, found.C, 1e-9);
        Assert.Equal(made.D, found.D, 1e-9);
        (double x, double y) = found.Inverse().Map(to[2].X, to[2].Y);
        Assert.Equal(from[2].X, x, 1e-9);
        Assert.Equal(from[2].Y, y, 1e-9);
    }

    [Fact]
    public void No_other_transform_near_by_is_better()
    {
        Rng random = new(3);
        (double X, double Y)[] from = [.. Enumerable.Range(0, 5).Select(_ => (random.NextDouble() * 100, random.NextDouble() * 100))];
        (double X, double Y)[] to = [.. Enumerable.Range(0, 5).Select(_ => (random.NextDouble() * 100, random.NextDouble() * 100))];
        SimilarityTransform best = SimilarityTransform.Fit(from, to);
        double Error(SimilarityTransform t) => from.Zip(to).Sum(p =>
        {
            (double x, double y) = t.Map(p.First.X, p.First.Y);
            return ((x - p.Second.X) * (x - p.Second.X)) + ((y - p.Second.Y) * (y - p.Second.Y));
        });
        foreach (double d in (double[])[-1e-4, 1e-4])
        {
            Assert.True(Error(best) < Error(best with { A = best.A + d }));
            Assert.True(Error(best) < Error(best with { B = best.B + d }));
            Assert.True(Error(best) < Error(best with { C = best.C + d }));
            Assert.True(Error(best) < Error(best with { D = best.D + d }));
        }
    }

    [Fact]
    public void A_face_that_lies_right_stays_as_it_is()
    {
        RasterImage face = new(112, 112, 1, [.. Enumerable.Range(0, 112 * 112).Select(i => (byte)(i * 31))]);
        byte[] aligned = FaceAlignment.Align(face, FaceAlignment.Template).Pixels;
        Assert.True(face.Pixels.Zip(aligned).Count(p => Math.Abs(p.First - p.Second) > 1) < 5);
    }

    [Fact]
    public void Where_the_photograph_ends_it_is_black()
    {
        RasterImage white = new(50, 50, 1, [.. Enumerable.Repeat((byte)255, 2500)]);
        byte[] aligned = FaceAlignment.Align(white, FaceAlignment.Template).Pixels;
        Assert.Equal(255, aligned[0]);
        Assert.Equal(0, aligned[^1]);
    }

    [Fact]
    public void Landmarks_that_are_one_point_are_told() =>
        Assert.Contains("one point", Assert.Throws<InputException>(() => FaceAlignment.Align(
            new RasterImage(2, 2, 1, new byte[4]), [.. Enumerable.Repeat((3.0, 3.0), 5)])).Message, StringComparison.Ordinal);

    [JpegFact]
    public void Real_faces_come_out_as_another_program_cuts_them()
    {
        string? folder = GoldenFolder.Path is { } golden ? Path.GetFullPath(Path.Combine(golden, "..", "data", "alignment")) : null;
        if (folder is null || !Directory.Exists(folder))
        {
            return;
        }

        JpegDecoder.Register();
        foreach ((string image, IReadOnlyList<(double X, double Y)> points) in LandmarkTable.Read(Path.Combine(folder, "landmarks.tsv")))
        {
            byte[] ours = FaceAlignment.Align(ImageDecoders.Load(Path.Combine(folder, "original", image)), points).Pixels;
            byte[] theirs = ImageDecoders.Load(Path.Combine(folder, "aligned", image)).Pixels;
            Assert.InRange(ours.Zip(theirs).Average(p => Math.Abs(p.First - p.Second)), 0, 4); // theirs went through JPEG once more
        }
    }

    [Theory]
    [InlineData("a.jpg\t1\t2\t3\t4\t5\t6\t7\t8\t9\t10\nb.jpg,1,2\n", "line 2: needs an image and ten numbers")]
    [InlineData("a.jpg,1,2,3,4,5,6,7,8,9,x\n", "line 1: needs")]
    [InlineData("a.jpg,1,2,3,4,5,6,7,8,9,NaN\n", "line 1: needs")]
    [InlineData("a.jpg,1,2,3,4,5,6,7,8,9,10\na.jpg,1,2,3,4,5,6,7,8,9,10\n", "line 2: names a.jpg a second time")]
    [InlineData("file,a,b,c,d,e,f,g,h,i,j\n", "names no images")]
    public void Tables_that_make_no_sense_name_the_line(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<InputException>(() => LandmarkTable.Parse(text.Split('\n'), "f")).Message, StringComparison.Ordinal);

    [Fact]
    public void Damaged_tables_are_told_and_cost_little()
    {
        byte[] table = Encoding.UTF8.GetBytes("file\tx\ty\tx\ty\tx\ty\tx\ty\tx\ty\na.jpg\t1\t2\t3.5\t4\t5\t6\t7\t8\t9\t10\nb/c.jpg\t1\t2\t3\t4e1\t5\t6\t7\t8\t9\t10\n");
        Fuzzing.Run("landmarks", [table], bytes => LandmarkTable.Parse(Encoding.UTF8.GetString(bytes).Split('\n'), Fuzzing.FileName));
    }
}
