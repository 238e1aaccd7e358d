// One table of results, before it is text or a picture.
namespace Reactor.Bench.Servers.Report;

/// <param name="Key">One word, for links and for the names inside a picture.</param>
/// <param name="Title">The heading.</param>
/// <param name="About">What is measured and how, in a sentence or two.</param>
/// <param name="Unit">The unit of all figures.</param>
internal sealed record ResultTable(string Key, string Title, string About, string Unit)
{
    public List<ResultColumn> Columns { get; init; } = [];

    public List<ResultRow> Rows { get; init; } = [];

    /// <summary>Whether the columns stand for numbers, so that lines may be drawn.</summary>
    public bool IsSeries => Columns.Count > 1 && Columns.TrueForAll(column => column.X > 0);
}

/// <param name="Title">The heading.</param>
/// <param name="X">The number it stands for; 0 if it stands for none.</param>
internal sealed record ResultColumn(string Title, double X = 0);

/// <summary>A peer with a cell for each column.</summary>
internal sealed record ResultRow(PeerRecord Peer, List<ResultCell> Cells);

/// <summary>
/// A figure, or the reason why there is none, or neither: then it was not measured.
/// </summary>
/// <param name="Value">The figure.</param>
/// <param name="Ratio">How many times the floor's.</param>
/// <param name="Refused">Why the figure cannot be used.</param>
/// <param name="Detail">What else is worth knowing about it.</param>
internal readonly record struct ResultCell(
    Summary? Value, double? Ratio = null, string? Refused = null, string? Detail = null);
