using Spectre.Console;

namespace Reactor.Learn;

/// <summary>
/// Shows the right lines and the learner's beside each other, or below each other in a narrow
/// terminal, and marks the first difference.
/// </summary>
internal sealed class DifferenceView(LearnContext context)
{
    /// <summary>Narrower terminals show one below the other.</summary>
    public const int WideColumns = 60;

    private const string Mark = "▶";

    public void Show(IReadOnlyList<string> right, IReadOnlyList<string> yours)
    {
        int count = Math.Max(right.Count, yours.Count);
        int first = Enumerable.Range(0, count)
            .First(i => right.ElementAtOrDefault(i) != yours.ElementAtOrDefault(i));
        if (context.Width < WideColumns)
        {
            ShowColumn(context.Get(Texts.RightColumn), right, first);
            ShowColumn(context.Get(Texts.YourColumn), yours, first);
            return;
        }

        var table = new Table { Border = TableBorder.Minimal };
        table.AddColumns(
            new TableColumn("").Padding(2, 0), new TableColumn(context.Get(Texts.RightColumn)),
            new TableColumn(context.Get(Texts.YourColumn)));
        for (int i = 0; i < count; i++)
        {
            string colour = i == first ? "yellow" : "default";
            table.AddRow(
                new Markup(i == first ? Mark : ""), Cell(right, i, colour), Cell(yours, i, colour));
        }

        context.Terminal().Write(table);
    }

    private Markup Cell(IReadOnlyList<string> lines, int i, string colour)
    {
        string? line = lines.ElementAtOrDefault(i);
        return line is null
            ? new Markup($"[grey]{Markup.Escape(i < 1 ? context.Get(Texts.NoLines) : "")}[/]")
            : new Markup($"[{colour}]{Markup.Escape(line)}[/]");
    }

    private void ShowColumn(string title, IReadOnlyList<string> lines, int first)
    {
        context.Out.WriteLine($"  {title}:");
        for (int i = 0; i < Math.Max(lines.Count, first + 1); i++)
        {
            string line = lines.ElementAtOrDefault(i) ?? context.Get(Texts.NoLines);
            context.Out.WriteLine($"  {(i == first ? Mark : " ")} {line}");
        }
    }
}
