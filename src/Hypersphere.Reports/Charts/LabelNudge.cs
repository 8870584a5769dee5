namespace Hypersphere.Reports.Charts;

/// <summary>Moves labels in the plane until none overlaps another: each overlapping pair gives way along the shorter side.</summary>
internal static class LabelNudge
{
    private const int Rounds = 400;

    /// <summary>A label by its centre and size.</summary>
    public record struct Box(double X, double Y, double Width, double Height);

    /// <remarks><paramref name="boxes"/> change in place and stay inside; the outcome depends on their order alone.</remarks>
    public static void Apart(Span<Box> boxes, (double Left, double Top, double Right, double Bottom) area)
    {
        for (int round = 0; round < Rounds; round++)
        {
            bool moved = false;
            for (int i = 0; i < boxes.Length; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    moved |= Push(ref boxes[i], ref boxes[j]);
                }
            }

            foreach (ref Box box in boxes)
            {
                box.X = Math.Clamp(box.X, area.Left + (box.Width / 2), Math.Max(area.Left + (box.Width / 2), area.Right - (box.Width / 2)));
                box.Y = Math.Clamp(box.Y, area.Top + (box.Height / 2),
                    Math.Max(area.Top + (box.Height / 2), area.Bottom - (box.Height / 2)));
            }

            if (!moved)
            {
                return;
            }
        }
    }

    private static bool Push(ref Box a, ref Box b)
    {
        double dx = ((a.Width + b.Width) / 2) - Math.Abs(a.X - b.X);
        double dy = ((a.Height + b.Height) / 2) - Math.Abs(a.Y - b.Y);
        if (dx <= 0.01 || dy <= 0.01)
        {
            return false;
        }

        if (dy <= dx)
        {
            double step = Math.CopySign((dy / 2) + 0.05, a.Y - b.Y);
            (a.Y, b.Y) = (a.Y + step, b.Y - step);
        }
        else
        {
            double step = Math.CopySign((dx / 2) + 0.05, a.X - b.X);
            (a.X, b.X) = (a.X + step, b.X - step);
        }

        return true;
    }
}
