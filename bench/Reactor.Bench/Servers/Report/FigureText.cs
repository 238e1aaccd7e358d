using System.Globalization;

namespace Reactor.Bench.Servers.Report;

/// <summary>Figures as people read them: three digits that matter, whatever their size.</summary>
internal static class FigureText
{
    public static string Of(double figure) => figure switch
    {
        0 => "0",
        double.NaN => "–",
        _ when Math.Abs(figure) < 9.995 => figure.ToString("F2", CultureInfo.InvariantCulture),
        _ when Math.Abs(figure) < 99.95 => figure.ToString("F1", CultureInfo.InvariantCulture),
        _ => figure.ToString("N0", CultureInfo.InvariantCulture),
    };

    /// <summary>The lowest and the highest; nothing if there was one round only.</summary>
    public static string Range(Summary value) => value.Lowest == value.Highest
        ? ""
        : $"{Of(value.Lowest)}–{Of(value.Highest)}";

    public static string Ratio(double ratio) => $"{Of(ratio)}×";
}
