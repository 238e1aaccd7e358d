using System.Reflection;

namespace Reactor.Learn;

/// <summary>
/// Compiles the program of a lesson into an assembly, and runs such an assembly in this process.
/// </summary>
internal static class LessonProgram
{
    /// <summary>Writes the assembly and its symbols.</summary>
    /// <param name="lesson">The lesson.</param>
    /// <param name="assembly">The file to write; the symbols get the same name.</param>
    /// <exception cref="LearnException">The program does not compile.</exception>
    public static void Compile(Lesson lesson, string assembly)
    {
        var source = new Source(lesson.FromRoot(lesson.Program), File.ReadAllText(lesson.Program));
        CompileOutcome outcome = SourceCompiler.CompileProgram(lesson.Name, source);
        if (outcome.Code is not { } code)
        {
            throw new LearnException(ExitCode.Broken, string.Join('\n', outcome.Errors));
        }

        File.WriteAllBytes(assembly, code.Assembly);
        File.WriteAllBytes(Path.ChangeExtension(assembly, ".pdb"), code.Symbols);
    }

    /// <summary>Runs the top-level program of an assembly in this process.</summary>
    public static void Run(string assembly)
    {
        MethodInfo main = Assembly.LoadFrom(assembly).EntryPoint
            ?? throw new LearnException(ExitCode.Broken, $"{assembly} has no program.");
        object? result = main.Invoke(
            null, BindingFlags.DoNotWrapExceptions, null,
            main.GetParameters().Length == 0 ? [] : [Array.Empty<string>()], null);
        (result as Task)?.GetAwaiter().GetResult();
    }
}
