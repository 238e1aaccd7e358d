using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Reactor;

/// <summary>
/// A loop of a <see cref="LoopGroup"/>, as its main coroutine sees it. The thread of its loop,
/// unless a member says otherwise.
/// </summary>
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

    /// <summary>The number of loops. Any thread.</summary>
    public int Count => _group.Count;

    /// <summary>True for the loop on the thread that runs the group. Any thread.</summary>
    public bool IsFirst => Index == 0;

    /// <summary>Done after <see cref="LoopGroup.Stop"/>: the main should end.</summary>
    public Future<Unit> Stopped => Stop;

    internal Promise<Unit> Stop { get; private set; } = null!;

    internal EventLoop Loop { get; private set; } = null!;

    internal ILoopTask Main { get; private set; } = null!;

    /// <summary>True once other members may post to it. Under the group's lock.</summary>
    internal bool HasBegun { get; set; }

    /// <summary>
    /// A reusable barrier: waits until all mains have called it. A main that returns first leaves
    /// the others waiting. Writes before it are visible to the others after it.
    /// </summary>
    public async Coroutine MeetAsync()
    {
        var all = new Promise<Unit>(Loop);
        _group.Meet(all);
        await all;
    }

    /// <summary>
    /// A factory that appends the loop's name to categories, as in <c>Reactor.EventLoop.loop-1</c>;
    /// with one loop, the argument. Any thread.
    /// </summary>
    [return: NotNullIfNotNull(nameof(factory))]
    public ILoggerFactory? LoggersOf(ILoggerFactory? factory) =>
        Count == 1 || factory is null or NullLoggerFactory
            ? factory : new NamedLoggers(factory, $".loop-{Index}");

    internal async Coroutine Run(Func<LoopGroupMember, Coroutine> main)
    {
        Loop = EventLoop.Current;
        Main = LoopTask.Current!;
        Stop = new Promise<Unit>(Loop);
        _group.Enter(this);
        await main(this);
    }

    // The owner of the factory disposes of it.
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
