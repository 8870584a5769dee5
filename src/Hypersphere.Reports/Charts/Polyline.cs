using System.Text;

namespace Hypersphere.Reports.Charts;

/// <summary>Turns values into path data: gaps at values that are not finite, no more points than can be seen.</summary>
internal static class Polyline
{
    private const double Least = 0.6;

    public static string Data(Frame frame, IEnumerable<(double X, double Y)> points)
    {
        var data = new StringBuilder();
        (double x, double y) last = (double.NaN, double.NaN);
        (double x, double y) held = last;
        bool pen = false;
        foreach ((double vx, double vy) in points)
        {
            double x = frame.PlaceX(vx);
            double y = Math.Clamp(frame.PlaceY(vy), frame.Top - 5000, frame.Bottom + 5000);
            if (!double.IsFinite(x) || !double.IsFinite(y))
            {
                Flush(data, ref held);
                pen = false;
                continue;
            }

            if (pen && Math.Abs(x - last.x) + Math.Abs(y - last.y) < Least)
            {
                held = (x, y);
                continue;
            }

            Flush(data, ref held);
            data.Append(pen ? ' ' : 'M').Append(SvgWriter.N(x)).Append(' ').Append(SvgWriter.N(y));
            (last, pen) = ((x, y), true);
        }

        Flush(data, ref held);
        return data.ToString();
    }

    private static void Flush(StringBuilder data, ref (double X, double Y) held)
    {
        if (double.IsFinite(held.X))
        {
            data.Append(' ').Append(SvgWriter.N(held.X)).Append(' ').Append(SvgWriter.N(held.Y));
        }

        held = (double.NaN, double.NaN);
    }
}
