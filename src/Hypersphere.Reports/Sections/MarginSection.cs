namespace Hypersphere.Reports.Sections;

/// <summary>The margin curve of each run's loss against softmax's cosine.</summary>
internal static class MarginSection
{
    public static void Write(Page page)
    {
        page.Section("margin", "What the loss asks for", "");
        MarginCurve[] curves = [.. page.Data.Margins.Where(c => c.Points.Any(p => double.IsFinite(p.Psi)))];
        if (curves.Length == 0)
        {
            page.Missing("Margin curve", "none of the losses has a margin over the angle");
            page.EndSection();
            return;
        }

        IReadOnlyList<(MarginCurve Curve, int Style)> styled = MarginFigure.Styled(curves, c => Known(page, c));
        string title = MarginFigure.Finding(styled) ?? "Target logit and its gradient factor over the angle";
        string wide = MarginFigure.Render(page.NextId(), 860, styled, title);
        string narrow = MarginFigure.Render(page.NextId(), 360, styled, title);
        string sources = string.Join("; ",
            styled.Select(c => c.Curve).Where(c => c.Source.Length > 0).GroupBy(c => c.Source)
            .Select(g => $"{CurveLabel.Name(g.First().Label)}: {g.Key}"));
        page.Figure(
            $"<div class=\"wide\">{wide}</div><div class=\"narrow\">{narrow}</div>",
            title,
            "Above: the target logit ψ(θ) before the scale; below: the factor dψ∕dcos θ by which the margin changes its gradient. "
            + "Softmax on normalised embeddings is cos θ with factor 1.",
            sources);
        page.EndSection();
    }

    private static int? Known(Page page, MarginCurve curve)
    {
        foreach ((ReportRun run, int style) in page.Runs)
        {
            if (curve.Label == run.Spec || curve.Label == run.Name)
            {
                return style;
            }
        }

        return null;
    }
}
