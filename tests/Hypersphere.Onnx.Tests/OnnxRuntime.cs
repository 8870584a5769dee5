using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Hypersphere.Onnx.Tests;

/// <summary>ONNX Runtime, through the script beside the tests; ./test installs it where npm is.</summary>
internal static class OnnxRuntime
{
    private static readonly string? Folder = Find();

    public static string? Missing => Folder is null ? "ONNX Runtime is not installed: npm install in tests/onnxruntime" : null;

    /// <summary>Runs a network on images [N, C, H, W].</summary>
    public static float[] Run(string model, float[] input, string shape)
    {
        string from = model + ".in", to = model + ".out";
        File.WriteAllBytes(from, MemoryMarshal.AsBytes(input.AsSpan()).ToArray());
        using Process process = Process.Start(new ProcessStartInfo("node", [Path.Combine(Folder!, "run.js"), model, from, shape, to]) { RedirectStandardError = true, UseShellExecute = false })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error);
        return MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(to)).ToArray();
    }

    private static string? Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, "tests", "onnxruntime");
            if (Directory.Exists(Path.Combine(candidate, "node_modules", "onnxruntime-node")))
            {
                return candidate;
            }
        }

        return null;
    }
}

/// <summary>A test that needs ONNX Runtime.</summary>
internal sealed class OnnxRuntimeTheoryAttribute : TheoryAttribute
{
    public OnnxRuntimeTheoryAttribute() => Skip = OnnxRuntime.Missing;
}
