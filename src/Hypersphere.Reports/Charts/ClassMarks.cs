using System.Globalization;
using System.Text;

namespace Hypersphere.Reports.Charts;

/// <summary>Which classes of an embedding get a colour and a label, and how their points are drawn.</summary>
internal sealed class ClassMarks
{
    /// <summary>Points a picture shows at most.</summary>
    public const int MostPoints = 3000;

    private const int MostClasses = 16;
    private const int Layers = 6;
    private static readonly string[] Shapes = ["h0", "m-2.7 1.7h5.4l-2.7-4.6z"];

    private readonly EmbeddingPlot _plot;
    private readonly Dictionary<int, int> _rank = [];

    public ClassMarks(EmbeddingPlot plot)
    {
        _plot = plot;
        EmbeddingPoint[] drawable = [.. plot.Points.Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y))];
        int shown = Math.Min(drawable.Length, MostPoints);
        Points = [.. Enumerable.Range(0, shown).Select(i => drawable[(int)((long)i * drawable.Length / shown)])];
        int[] classes = [.. drawable.Where(p => p.Label >= 0).GroupBy(p => p.Label).OrderByDescending(g => g.Count()).ThenBy(g => g.Key)
            .Select(g => g.Key)];
        foreach (int label in classes.Take(MostClasses).Order())
        {
            _rank[label] = _rank.Count;
        }

        Hidden = Math.Max(0, classes.Length - MostClasses);
    }

    /// <summary>The points to draw: all, or an even choice.</summary>
    public IReadOnlyList<EmbeddingPoint> Points { get; }

    /// <summary>Number of classes that are drawn grey and without a name.</summary>
    public int Hidden { get; }

    /// <summary>Classes with colour and name, by index.</summary>
    public IEnumerable<int> Named => _rank.Keys;

    public bool IsNamed(int label) => _rank.ContainsKey(label);

    public int Style(int label) => _rank.TryGetValue(label, out int rank) ? Palette.Class(rank) : 0;

    public string Name(int label) => Text.Clip(
        label >= 0 && label < _plot.Classes.Count ? _plot.Classes[label] : label.ToString(CultureInfo.InvariantCulture), 18);

    /// <summary>Draws the points in layers, so that the last class does not cover all others.</summary>
    public void Draw(SvgWriter svg, Func<EmbeddingPoint, int, (double X, double Y)> place)
    {
        for (int layer = 0; layer < Layers; layer++)
        {
            var paths = new SortedDictionary<int, StringBuilder>();
            for (int i = layer; i < Points.Count; i += Layers)
            {
                int rank = _rank.GetValueOrDefault(Points[i].Label, -1);
                (double x, double y) = place(Points[i], i);
                if (!paths.TryGetValue(rank, out StringBuilder? path))
                {
                    paths[rank] = path = new StringBuilder();
                }

                path.Append('M').Append(x.ToString("0.#", CultureInfo.InvariantCulture)).Append(' ')
                    .Append(y.ToString("0.#", CultureInfo.InvariantCulture));
                path.Append(Shapes[Math.Max(rank, 0) / Palette.Count]);
            }

            foreach ((int rank, StringBuilder path) in paths)
            {
                string css = rank < 0 ? "pt ax" : rank < Palette.Count ? $"pt s{Palette.Class(rank)}" : $"tr f{Palette.Class(rank)}";
                svg.Path(path.ToString(), css);
            }
        }
    }
}
