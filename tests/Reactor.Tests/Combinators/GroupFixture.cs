using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>What the children of task groups do in their tests.</summary>
public abstract class GroupFixture : LoopFixture
{
    /// <summary>Sleeps, and gives the seconds back.</summary>
    protected static async Coroutine<int> Sleep(int seconds) =>
        await Later(S(seconds), seconds);

    /// <summary>Tells something after a while; with 0 seconds at once.</summary>
    protected async Coroutine Note(string what, int seconds)
    {
        if (seconds > 0)
        {
            await EventLoop.Delay(S(seconds));
        }

        Tell(what);
    }

    /// <summary>Throws after a while; with 0 seconds at once.</summary>
    protected static async Coroutine Fail<TError>(int seconds)
        where TError : Exception, new()
    {
        if (seconds > 0)
        {
            await EventLoop.Delay(S(seconds));
        }

        throw new TError();
    }

    /// <summary>Sleeps until it is cancelled, cleans up for a while, and throws.</summary>
    protected static async Coroutine FailWhenCancelled<TError>(int cleanupSeconds)
        where TError : Exception, new()
    {
        try
        {
            await EventLoop.Delay(S(60));
        }
        catch (LoopCanceledException)
        {
            await EventLoop.Delay(S(cleanupSeconds));
            throw new TError();
        }
    }
}
