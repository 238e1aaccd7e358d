using System.Text;

namespace Reactor.Learn;

/// <summary>
/// What a verb uses of the outside: the lessons, the terminal, the language. A test makes its own.
/// </summary>
internal sealed class LearnContext
{
    public required Lessons Lessons { get; init; }

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required TextReader In { get; init; }

    /// <summary>Whether a question can be asked: input and output are a terminal.</summary>
    public required bool IsInteractive { get; init; }

    /// <summary>Whether the input is a file or a pipe, which may have the answers.</summary>
    public bool IsPiped { get; init; }

    /// <summary>Whether the output may be coloured.</summary>
    public bool HasColour { get; init; }

    /// <summary>The columns of the terminal.</summary>
    public int Width { get; init; } = 100;

    public Language Language { get; set; }

    /// <summary>The terminal and environment of this process.</summary>
    public static LearnContext OfProcess()
    {
        Console.OutputEncoding = Encoding.UTF8;
        return new LearnContext
        {
            Lessons = Lessons.Find(Environment.CurrentDirectory, AppContext.BaseDirectory),
            Out = Console.Out,
            Error = Console.Error,
            In = Console.In,
            IsInteractive = !Console.IsInputRedirected && !Console.IsOutputRedirected,
            IsPiped = Console.IsInputRedirected,
            HasColour = !Console.IsOutputRedirected
                && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
            Width = Console.IsOutputRedirected ? 100 : Math.Max(Console.WindowWidth, 20),
            Language = LanguageNames.FromEnvironment(Environment.GetEnvironmentVariable),
        };
    }

    /// <summary>The text in the user's language.</summary>
    public string Get(Text text, params object[] values) => text.In(Language, values);

    /// <summary>
    /// Asks a question and returns the line of the answer, which a pipe may give without being
    /// asked. Null if there is none, or the question would not be seen.
    /// </summary>
    public string? Ask(Text question, params object[] values)
    {
        if (IsInteractive)
        {
            Out.Write(Get(question, values));
            Out.Flush();
        }

        return IsInteractive || IsPiped ? In.ReadLine() : null;
    }

    /// <summary>Writes a sentence to standard error.</summary>
    public void Warn(Text text, params object[] values) =>
        Error.WriteLine($"learn: {Get(text, values)}");

    /// <summary>Writes a line in the user's language.</summary>
    public void Say(Text text, params object[] values) => Out.WriteLine(Get(text, values));
}
