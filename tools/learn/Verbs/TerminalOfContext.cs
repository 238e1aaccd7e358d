using Spectre.Console;

namespace Reactor.Learn;

/// <summary>
/// The terminal for tables. Not a member of the context, because commands that show none must not
/// load the package: it takes a tenth of a second.
/// </summary>
internal static class TerminalOfContext
{
    public static IAnsiConsole Terminal(this LearnContext context)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(context.Out),
            Ansi = context.HasColour ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = context.HasColour
                ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = context.Width;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
