using System.CommandLine;

namespace Reactor.Tools.Loadgen;

/// <summary>Options that stand together in <c>--help</c>, with the rules between them.</summary>
internal abstract class OptionGroup
{
    /// <summary>The heading of the group.</summary>
    public abstract string Title { get; }

    /// <summary>The options, in the order of help.</summary>
    public abstract IReadOnlyList<Option> Options { get; }

    /// <summary>
    /// A sentence about options that contradict each other, or null. Called when each value is
    /// valid. Not a validator of the library: those run before the values are read.
    /// </summary>
    public abstract string? Contradiction(ParseResult parsed);
}
