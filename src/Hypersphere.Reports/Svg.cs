namespace Hypersphere.Reports;

internal static class Svg
{
}
