using System.Text.Json;
using Hypersphere.Data;
using Hypersphere.Formats;
using Hypersphere.Imaging;

namespace Commands;

/// <summary>From folders of identities to a verified model, command by command.</summary>
[Collection(Computing.Name)]
public sealed class FaceCommandsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AModelIsTrainedValidatedCalibratedAndUsed()
    {
        string photos = Photos("photos", seed: 1), others = Photos("others", seed: 2), run = _folder.File("run"), json = _folder.File("lfw.json");
        Outcome trained = Ok("train", "--data", photos, "--validate", others, "--validate-far", "0.05", "--epochs", "2", "--batch", "16", "--validate-every", "2", "--holdout", "0",
            "--backbone", "iresnet(blocks=1 1, width=8, embedding=16)", "--augment", "affine(rotation=5) + jitter", "--flip", "0.5", "--out", run);
        Assert.Contains("\nvalid  TAR@FAR 5e-2 ", trained.Out, StringComparison.Ordinal);
        Assert.Contains(", waited for data ", trained.Out, StringComparison.Ordinal);

        string calibration = Path.Combine(run, "calibration.json");
        Outcome lfw = Ok("evaluate", "--protocol", "lfw", "--model", run, "--data", others, "--json", json, "--calibrate", calibration, "--report", _folder.File("lfw.html"));
        Assert.Contains("flip-summed", File.ReadAllText(_folder.File("lfw.html")), StringComparison.Ordinal);
        Assert.Matches(@"insightface +\d+\.\d\d ± ", lfw.Out);
        using (var numbers = JsonDocument.Parse(File.ReadAllText(json)))
        {
            foreach (string key in (string[])["accuracy_mean", "accuracy_std", "auc", "tar_at_far", "flip_summed"])
            {
                Assert.True(numbers.RootElement.TryGetProperty(key, out _), key);
            }
        }

        string image = Path.Combine(photos, "c0", "0.png");
        Outcome same = Cli.Run("verify", image, image, "--model", run, "--far", "0.1");
        Assert.Equal((0, ""), (same.Code, same.Error));
        Assert.StartsWith("same   score 1.0000, threshold ", same.Out, StringComparison.Ordinal);
        Outcome different = Cli.Run("verify", image, Path.Combine(photos, "c1", "0.png"), "--model", run, "--threshold", "1");
        Assert.Equal(1, different.Code);
        Assert.StartsWith("different ", different.Out, StringComparison.Ordinal);

        Outcome identified = Ok("identify", image, "--gallery", photos, "--model", run, "--threshold", "0.9");
        Assert.Matches(@"0\.png +c0 +c0 1\.000, ", identified.Out);
        Ok("embed", "--model", run, "--data", photos, "--out", _folder.File("photos.npz"));
        Ok("embed", image, image, "--model", run, "--out", _folder.File("two.npz"));
        EmbeddingsAreMeasuredAsTheModelIs(run, others);
        Outcome people = Ok("data", "check", photos, "--against", photos, "--model", run, "--score", "0.99999");
        Assert.Matches(@"\npeople of .* who may be in .*: 4\n(  (c\d) and \2 \(1\.000\)\n){4}", people.Out);
        using var found = JsonDocument.Parse(Ok("identify", image, "--gallery", _folder.File("photos.npz"), "--model", run, "--threshold", "0.9", "--json").Out);
        Assert.Equal("c0", found.RootElement[0].GetProperty("identity").GetString());
        Assert.Matches(@"probes 48 of them, 0 of strangers\n.*\nrank 1 +\d+\.\d\d % ", Ok("evaluate", "--protocol", "identification", "--model", run, "--data", photos, "--gallery", photos).Out);

        string stale = _folder.File("stale");
        Ok("train", "--data", photos, "--epochs", "1", "--batch", "16", "--holdout", "0", "--backbone", "iresnet(blocks=1 1, width=8, embedding=16)", "--out", stale);
        Assert.Contains("is for another network", Cli.Run("verify", image, image, "--model", stale, "--calibration", calibration, "--far", "0.1").Error, StringComparison.Ordinal);
        Assert.Contains("was embedded by another network", Cli.Run("identify", image, "--gallery", _folder.File("photos.npz"), "--model", stale, "--threshold", "0.9").Error, StringComparison.Ordinal);

        Outcome exported = Ok("export", "--model", run, "--out", _folder.File("mine.onnx"));
        Assert.Contains("rgb(mean=127.5, std=127.5)", exported.Out, StringComparison.Ordinal);
        Outcome tuned = Ok("train", "--data", photos, "--recipe", "finetune", "--from", "onnx:" + _folder.File("mine.onnx"), "--epochs", "1", "--batch", "16", "--holdout", "0", "--out", _folder.File("tuned"));
        Assert.Contains("train  arcface(margin=0.3, scale=32) on onnx", tuned.Out, StringComparison.Ordinal);
    }

    /// <summary>Embeddings from a file give the numbers that the model gives, and templates of one image each those of the images.</summary>
    private void EmbeddingsAreMeasuredAsTheModelIs(string run, string others)
    {
        string npz = _folder.File("others.npz"), pairs = _folder.File("pairs.txt"), list = _folder.File("templates.txt"), page = _folder.File("fold.html");
        File.WriteAllLines(pairs, Enumerable.Range(0, 40).Select(i => $"c{i % 4}/{i / 4}.png c{(i + (i % 2)) % 4}/{(i / 4) + 1}.png {1 - (i % 2)}"));
        Ok("embed", "--model", run, "--data", others, "--mirror", "--out", npz);
        Outcome file = Ok("evaluate", "--embeddings", npz, "--protocol", "lfw", "--pairs", pairs, "--json", "-");
        using var direct = JsonDocument.Parse(Ok("evaluate", "--model", run, "--data", others, "--protocol", "lfw", "--pairs", pairs, "--report", page, "--json", "-").Out);
        using var stored = JsonDocument.Parse(file.Out);
        JsonElement flipped = direct.RootElement.GetProperty("flip_summed");
        Assert.Equal(flipped.GetProperty("auc").GetDouble(), stored.RootElement.GetProperty("auc").GetDouble(), 1e-6);
        Assert.False(stored.RootElement.TryGetProperty("flip_summed", out _));
        Assert.Contains(">fold 10</text>", File.ReadAllText(page), StringComparison.Ordinal);

        string[] images = [.. Enumerable.Range(0, 48).Select(i => $"c{i / 12}/{i % 12}.png")];
        File.WriteAllLines(list, images.Select((name, i) => $"{name} {i} {i}"));
        string[] numbers = [.. File.ReadLines(pairs).Select(l => l.Split(' ')).Select(c => $"{Array.IndexOf(images, c[0])} {Array.IndexOf(images, c[1])} {c[2]}")];
        File.WriteAllLines(_folder.File("numbers.txt"), numbers);
        File.WriteAllLines(_folder.File("gallery.csv"), Enumerable.Range(0, 3).Select(i => $"{12 * i},person{i}"));
        File.WriteAllLines(_folder.File("probes.csv"), Enumerable.Range(0, 48).Where(i => i % 12 > 0).Select(i => $"{i},person{i / 12}"));
        using var templates = JsonDocument.Parse(Ok(
            "evaluate", "--embeddings", npz, "--protocol", "templates", "--templates", list, "--pairs", _folder.File("numbers.txt"),
            "--gallery", _folder.File("gallery.csv"), "--probes", _folder.File("probes.csv"), "--json", "-").Out);
        Assert.Equal(flipped.GetProperty("auc").GetDouble(), templates.RootElement.GetProperty("verification_unit_length").GetProperty("auc").GetDouble(), 1e-6);
        JsonElement search = templates.RootElement.GetProperty("identification_1_length_kept");
        Assert.Equal((33, 11), (search.GetProperty("mated").GetInt32(), search.GetProperty("unmated").GetInt32()));
        using var all = JsonDocument.Parse(Ok("evaluate", "--embeddings", npz, "--protocol", "all-pairs", "--json", "-", "--report", page, "--calibrate", _folder.File("all.json")).Out);
        Assert.Equal((4 * 66, (48 * 47 / 2) - (4 * 66)), (all.RootElement.GetProperty("flip_summed").GetProperty("genuine").GetInt32(), all.RootElement.GetProperty("flip_summed").GetProperty("impostors").GetInt32()));
        Assert.Contains("264 genuine and 864 impostor pairs", File.ReadAllText(page), StringComparison.Ordinal);
        Assert.Contains("\"impostors\":864", File.ReadAllText(_folder.File("all.json")), StringComparison.Ordinal);
        Assert.Contains("--templates too", Cli.Run("evaluate", "--embeddings", npz, "--protocol", "templates").Error, StringComparison.Ordinal);
        Assert.Contains("--model is needed too", Cli.Run("evaluate", "--data", others).Error, StringComparison.Ordinal);
        Assert.Contains("write it again with embed without --mirror", Cli.Run("evaluate", "--model", run, "--data", others, "--protocol", "identification", "--gallery", npz).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void SetsArePackedCheckedAndUnpacked()
    {
        string photos = Photos("photos", seed: 1), rec = _folder.File("train.rec");
        Ok("data", "pack", photos, "--out", rec);
        Assert.Contains("48 images of 4 identities\nsizes  48 of 24×24 RGB\n", Ok("data", "inspect", rec).Out, StringComparison.Ordinal);
        Assert.Contains("48 images of 4 identities, ", Ok("data", "inspect", photos).Out, StringComparison.Ordinal);
        Assert.Equal(2, Cli.Run("data", "pack", photos, "--out", rec).Code);
        Ok("data", "unpack", rec, "--out", _folder.File("again"));
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(photos, "c0", "0.png")), File.ReadAllBytes(Path.Combine(_folder.File("again"), "0", "0_000000.png")));

        File.Copy(Path.Combine(photos, "c0", "0.png"), Path.Combine(photos, "c1", "copy.png"));
        File.WriteAllBytes(Path.Combine(photos, "c2", "broken.png"), [1, 2, 3]);
        Outcome check = Cli.Run("data", "check", photos, "--against", rec);
        Assert.Equal(1, check.Code);
        Assert.Contains("\nbroken: 1\n", check.Out, StringComparison.Ordinal);
        Assert.Contains("\n  c0/0.png and c1/copy.png\n", check.Out, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(Cli.Run("data", "check", photos, "--json").Out);
        Assert.Equal(1, json.RootElement.GetProperty("broken").GetArrayLength());
        Assert.Equal("c0/0.png and c1/copy.png", json.RootElement.GetProperty("duplicates_across")[0].GetString());
    }

    [Fact]
    public void AFaceIsCutOut()
    {
        RasterImage photo = new(120, 130, 3, [.. Enumerable.Range(0, 120 * 130 * 3).Select(i => (byte)(i * 7))]);
        File.WriteAllBytes(_folder.File("a.png"), PngEncoder.Encode(photo));
        string points = string.Join(',', FaceAlignment.Template.Select(p => FormattableString.Invariant($"{p.X},{p.Y}")));
        Ok("align", _folder.File("a.png"), "--points", points, "--out", _folder.File("face.png"));
        Assert.Equal(new ImageInfo(112, 112, 3), ImageDecoders.Identify(File.ReadAllBytes(_folder.File("face.png")), "face"));

        File.WriteAllText(_folder.File("table.csv"), $"a.png,{points}\nmissing.png,{points}\n../a.png,{points}\n");
        Outcome folder = Cli.Run("align", _folder.FullName, "--landmarks", _folder.File("table.csv"), "--out", _folder.File("faces"));
        Assert.Equal(2, folder.Code);
        Assert.Equal($"faces  1 of 3 in {_folder.File("faces")}\n", folder.Out);
        Assert.Contains("missing.png", folder.Error, StringComparison.Ordinal);
        Assert.Contains("leads out of the folder", folder.Error, StringComparison.Ordinal);
        Assert.Equal(2, Cli.Run("align", _folder.File("a.png"), "--points", "1,2", "--out", _folder.File("b.png")).Code);
    }

    [Fact]
    public void WhatIsMissingIsTold()
    {
        string photos = Photos("photos", seed: 1);
        Outcome pairs = Cli.Run("train", "--data", photos, "--validate-pairs", "pairs.txt", "--out", _folder.File("run"));
        Assert.Contains("Give --validate too", pairs.Error, StringComparison.Ordinal);
        Assert.Contains("there is no recipe 'faecs'", Cli.Run("train", "--data", photos, "--recipe", "faecs", "--out", _folder.File("run")).Error, StringComparison.Ordinal);
        Assert.Contains("none.onnx", Cli.Run("embed", "--model", "onnx:none.onnx", "--data", photos, "--out", _folder.File("x.npz")).Error, StringComparison.Ordinal);
    }

    private static Outcome Ok(params string[] arguments)
    {
        Outcome outcome = Cli.Run(arguments);
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        return outcome;
    }

    private string Photos(string name, ulong seed)
    {
        SyntheticImages images = new(4, 48, 24, 3, seed);
        for (int i = 0; i < images.Count; i++)
        {
            string path = Path.Combine(_folder.File(name), $"c{images.Label(i)}", $"{i / 4}.png");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, PngEncoder.Encode(images.Read(i)));
        }

        return _folder.File(name);
    }
}
