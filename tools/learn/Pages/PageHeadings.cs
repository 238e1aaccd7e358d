namespace Reactor.Learn;

/// <summary>The sections of a lesson's page, in their order. Immutable; any thread.</summary>
/// <param name="Predict">The choices.</param>
/// <param name="Program">The program, woven with prose.</param>
/// <param name="Happened">The output and the picture.</param>
/// <param name="Changed">The difference to the program before, of some lessons.</param>
/// <param name="Experiment">Changes to try.</param>
/// <param name="Exercise">The task.</param>
/// <param name="Elsewhere">The same in other programs.</param>
/// <param name="Reasons">Why it is so, and the tour of the library.</param>
internal sealed record PageHeadings(
    string Predict, string Program, string Happened, string Changed, string Experiment,
    string Exercise, string Elsewhere, string Reasons)
{
    /// <summary>The first lesson whose page shows a difference, and the last one.</summary>
    private const int FirstChange = 6;
    private const int LastChange = 15;

    private static readonly PageHeadings s_english = new(
        "Predict", "The program", "What happened", "What changed", "Experiment", "Exercise",
        "Elsewhere", "Reasons");

    private static readonly PageHeadings s_chinese = new(
        "预测", "程序", "发生了什么", "变化", "实验", "练习", "别处", "原因");

    public static PageHeadings Of(Language language) =>
        language == Language.Chinese ? s_chinese : s_english;

    /// <summary>True if the page of a lesson shows what changed in its program.</summary>
    public static bool ShowsChange(string number) =>
        int.Parse(number, System.Globalization.CultureInfo.InvariantCulture)
            is >= FirstChange and <= LastChange;

    /// <summary>The sections of the page of a lesson.</summary>
    public IReadOnlyList<string> InOrder(string number) =>
        ShowsChange(number)
            ? [Predict, Program, Happened, Changed, Experiment, Exercise, Elsewhere, Reasons]
            : [Predict, Program, Happened, Experiment, Exercise, Elsewhere, Reasons];
}
