using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Reactor;

/// <summary>
/// One loop of a <see cref="LoopGroup"/>, as its main coroutine sees it: which one it is, and the
/// two things on which the loops agree, when to begin and when to end.
/// </summary>
/// <remarks>The thread of its loop, unless a member says otherwise.</remarks>
public sealed class LoopGroupMember
{
    private readonly LoopGroup _group;

    internal LoopGroupMember(LoopGroup group, int index)
    {
        _group = group;
        Index = index;
    }

    /// <summary>The number of the loop, from 0. Any thread.</summary>
    public int Index { get; }

    /// <summary>How many loops there are. Any thread.</summary>
    public int Count => _group.Count;

    /// <summary>
    /// True for the loop on the thread that runs the group. Any thread.
    /// </summary>
    public bool IsFirst => Index == 0;

    /// <summary>
    /// Done when somebody has called <see cref="LoopGroup.Stop"/>: the main should come to its end.
    /// </summary>
    public Future<Unit> Stopped => Stop;

    internal Promise<Unit> Stop { get; private set; } = null!;

    /// <summary>The loop; set once the main has begun.</summary>
    internal EventLoop Loop { get; private set; } = null!;

    /// <summary>The task of the main; as the loop.</summary>
    internal ILoopTask Main { get; private set; } = null!;

    /// <summary>True once the others may post to it. Under the group's lock.</summary>
    internal bool HasBegun { get; set; }

    /// <summary>
    /// Waits until each of the loops is here; each time that all have come, all go on. If one fails
    /// before, the others are cancelled; but a main that ends in peace must not leave out a meeting
    /// that others keep. What a main wrote before, the others can read after.
    /// </summary>
    public async Coroutine Meet()
    {
        var all = new Promise<Unit>(Loop);
        _group.Meet(all);
        await all;
    }

    /// <summary>
    /// The loggers of a factory with the loop's name behind their categories, as in
    /// <c>Reactor.EventLoop.loop-1</c>, so that a filter by a category's beginning is as before.
    /// Where there is one loop, or no factory, what was given. Any thread.
    /// </summary>
    [return: NotNullIfNotNull(nameof(factory))]
    public ILoggerFactory? LoggersOf(ILoggerFactory? factory) =>
        Count == 1 || factory is null or NullLoggerFactory
            ? factory
            : new NamedLoggers(factory, $".loop-{Index}");

    internal async Coroutine Run(Func<LoopGroupMember, Coroutine> main)
    {
        Loop = EventLoop.Current;
        Main = LoopTask.Current!;
        Stop = new Promise<Unit>(Loop);
        _group.Enter(this);
        await main(this);
    }

    // Disposing is left to the owner of the factory.
    private sealed class NamedLoggers(ILoggerFactory inner, string suffix) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) =>
            inner.CreateLogger(categoryName + suffix);

        public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

        public void Dispose()
        {
        }
    }
}
