using Hypersphere.Formats;

namespace Hypersphere.Imaging;

/// <summary>Brings faces to the place where face networks expect them, by five points: the eyes, the nose, the corners of the mouth.</summary>
public static class FaceAlignment
{
    /// <summary>Side of the image that <see cref="Template"/> is for.</summary>
    public const int TemplateSide = 112;

    /// <summary>Left eye, right eye, nose, left and right corner of the mouth (as the viewer sees them) in an image of 112×112, as ArcFace
    /// and most of the field have them.</summary>
    public static IReadOnlyList<(double X, double Y)> Template { get; } =
        [(38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366), (41.5493, 92.3655), (70.7299, 92.2041)];

    /// <summary>Cuts a face out.</summary>
    /// <param name="image">The photograph.</param>
    /// <param name="landmarks">Five points in its pixels, in the order of <see cref="Template"/>; pixel centres have whole coordinates.</param>
    /// <param name="side">Height and width of the result.</param>
    /// <returns>The face, linear between pixels, black where the photograph ends.</returns>
    /// <exception cref="InputException">There are not five points, or they are all one.</exception>
    public static RasterImage Align(RasterImage image, IReadOnlyList<(double X, double Y)> landmarks, int side = TemplateSide)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(landmarks);
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        if (landmarks.Count != Template.Count)
        {
            throw new InputException($"{landmarks.Count} landmarks; an alignment needs {Template.Count}: left eye, right eye, nose, left and right corner of the mouth.");
        }

        double scale = (double)side / TemplateSide;
        SimilarityTransform transform = SimilarityTransform.Fit([.. landmarks], [.. Template.Select(p => (p.X * scale, p.Y * scale))]);
        return transform.A == 0 && transform.B == 0
            ? throw new InputException("the landmarks do not look like a face: no turn brings them to the template.")
            : Warp(image, transform.Inverse(), side);
    }

    private static RasterImage Warp(RasterImage image, SimilarityTransform back, int side)
    {
        int channels = image.Channels;
        byte[] pixels = new byte[side * side * channels];
        for (int y = 0; y < side; y++)
        {
            for (int x = 0; x < side; x++)
            {
                (double fromX, double fromY) = back.Map(x, y);
                Sample(image, fromX, fromY, pixels.AsSpan(((y * side) + x) * channels, channels));
            }
        }

        return new RasterImage(side, side, channels, pixels);
    }

    private static void Sample(RasterImage image, double x, double y, Span<byte> pixel)
    {
        if (!(x > -1 && y > -1 && x < image.Width && y < image.Height))
        {
            return;
        }

        (int left, int top) = ((int)Math.Floor(x), (int)Math.Floor(y));
        (double fx, double fy) = (x - left, y - top);
        for (int c = 0; c < pixel.Length; c++)
        {
            double upper = (At(image, left, top, c) * (1 - fx)) + (At(image, left + 1, top, c) * fx);
            double lower = (At(image, left, top + 1, c) * (1 - fx)) + (At(image, left + 1, top + 1, c) * fx);
            pixel[c] = (byte)((upper * (1 - fy)) + (lower * fy) + 0.5);
        }
    }

    private static double At(RasterImage image, int x, int y, int channel) =>
        (uint)x < (uint)image.Width && (uint)y < (uint)image.Height ? image.Pixels[(((y * image.Width) + x) * image.Channels) + channel] : 0;
}
