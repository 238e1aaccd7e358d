namespace Reactor.Learn;

/// <summary>
/// A C# file to compile: the path that messages name, and the text, which need not be on a disk.
/// Immutable.
/// </summary>
internal sealed record Source(string Path, string Text);

/// <summary>A compiled assembly with its symbols. Immutable; any thread.</summary>
internal sealed record CompiledCode(byte[] Assembly, byte[] Symbols);

/// <summary>An error of the compiler; line and column begin at 1.</summary>
internal sealed record CompileError(
    string Path, int Line, int Column, string Id, string Message, string SourceLine)
{
    public override string ToString() => $"{Path}:{Line}:{Column}: {Id}: {Message}";
}

/// <summary>The code, or else the errors in the order of their places.</summary>
internal sealed record CompileOutcome(CompiledCode? Code, IReadOnlyList<CompileError> Errors);
