namespace Hypersphere.Kernels;

/// <summary>Cuts the output pixels of a batch into bands: some rows of one image, or several small images.</summary>
internal readonly record struct PixelBands(int Rows, int PerImage, int Images, int Count)
{
    /// <summary>Bands whose source fits the cache beside what it is multiplied with, and that have enough pixels to pay for touching the
    /// result.</summary>
    public static PixelBands For(in PhaseGeometry g, int pitch)
    {
        int width = Math.Max(1, g.Columns.Extent(g.Columns.Outputs, g.Step) * pitch);
        int fitting = ((Blocking.BandFloats / width) - g.Rows.Extent(1, g.Step)) / g.Step;
        int perImage = Blocking.Pieces(g.Rows.Outputs, Math.Clamp(fitting, 1, g.Rows.Outputs)), rows = Blocking.Pieces(g.Rows.Outputs, perImage);
        int images = perImage > 1 ? 1 : Math.Clamp(Blocking.Pieces(Blocking.BandPixels, g.Rows.Outputs * g.Columns.Outputs), 1, g.Batch);
        return new(rows, perImage, images, Blocking.Pieces(g.Batch, images) * perImage);
    }

    /// <summary>Image, images, row and rows of a band.</summary>
    public (int Image, int Images, int Row, int Rows) At(int band, in PhaseGeometry g)
    {
        int image = band / PerImage * Images, row = band % PerImage * Rows;
        return (image, Math.Min(Images, g.Batch - image), row, Math.Min(Rows, g.Rows.Outputs - row));
    }
}
