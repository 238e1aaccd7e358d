namespace Reactor.Learn;

/// <summary>What is wrong with a page or picture, with its place and what to do about it.</summary>
/// <param name="Path">From the root of the repository.</param>
/// <param name="Line">From 1; 0: the whole file.</param>
/// <param name="Message">What is wrong.</param>
internal sealed record PageFinding(string Path, int Line, string Message)
{
    public override string ToString() =>
        Line > 0 ? $"{Path}:{Line}: {Message}" : $"{Path}: {Message}";
}
