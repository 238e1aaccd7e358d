namespace Reactor.Learn;

/// <summary>
/// A program of a lesson: what its head says, and its lines. The head is the comment at the top, in
/// this order, after an optional first line <c>#!</c> and lines <c>#:</c>:
/// <code>
/// // Lesson 07: when does a timer fire? Grows from 06_ready_queue.
/// // Question: one or two sentences; the next lines go on
/// // Predict:
/// //   2 to 4 possible lines, one of which is a line of the expected output
/// // Picture: lanes
/// // Expected output:
/// //   every line
/// </code>
/// Immutable.
/// </summary>
internal sealed record LessonFile
{
    /// <summary>The kinds of pictures.</summary>
    public static IReadOnlyList<string> PictureKinds { get; } =
        ["lanes", "turn", "queue", "timers", "tree", "connection"];

    /// <summary>The most lines of a program.</summary>
    public const int LinesMax = 80;

    /// <summary>The path in messages.</summary>
    public required string Path { get; init; }

    /// <summary>Two digits.</summary>
    public required string Number { get; init; }

    /// <summary>Up to the first question mark, which it keeps, or full stop.</summary>
    public required string Title { get; init; }

    /// <summary>The lesson whose program this one extends; null if there is none.</summary>
    public string? GrowsFrom { get; init; }

    public required string Question { get; init; }

    /// <summary>The lines to choose from; exactly one is in <see cref="ExpectedOutput"/>.</summary>
    public required IReadOnlyList<string> Choices { get; init; }

    /// <summary>One of <see cref="PictureKinds"/>.</summary>
    public required string Picture { get; init; }

    public required IReadOnlyList<string> ExpectedOutput { get; init; }

    /// <summary>Every line of the file.</summary>
    public required IReadOnlyList<string> Lines { get; init; }

    /// <summary>How many of the lines are the head, with the empty lines after it.</summary>
    public required int HeadLines { get; init; }

    /// <summary>The index of the right choice.</summary>
    public int RightChoice => Choices.ToList().FindIndex(ExpectedOutput.Contains);

    /// <summary>The program without its head.</summary>
    public IEnumerable<string> Body => Lines.Skip(HeadLines);

    /// <summary>Reads a program.</summary>
    /// <exception cref="FormatException">
    /// The head is not as it must be; the message has path and line.
    /// </exception>
    public static LessonFile Parse(string path, string text) =>
        new LessonHeadParser(path, text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n')).Read();
}
