using System.Buffers;
using System.IO.Pipelines;
using Reactor.Http.Protocol;

namespace Reactor.Http.Tests.Client;

/// <summary>What a caller of the model throws while it has a response.</summary>
internal sealed class ModelCallerException : Exception;

/// <summary>What a content of the model throws.</summary>
internal sealed class ModelContentException : Exception;

/// <summary>
/// One caller of the model: sends its request, ends the response as planned, and checks that the
/// response is its own, that it is exact, and that every failure has a cause and comes in time.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ModelCall(ModelWorld world, CallPlan plan)
{
    private readonly ModelDice _dice = new(unchecked((world.Scenario.Seed * 31) + plan.Number));
    private TimeSpan _began;
    private TimeSpan _waitBegan;
    private TimeSpan? _cancelledAt;
    private ModelReply? _reply;

    public CallPlan Plan => plan;

    /// <summary>True once the caller has the head of a response.</summary>
    public bool IsHandedOut { get; private set; }

    /// <summary>True if the response was read to its end, and was right.</summary>
    public bool IsRead { get; private set; }

    private ClientOptions Options => world.Scenario.Options;

    private TimeSpan Now => world.Loop.Time;

    private TimeSpan Due => _began + (plan.Timeout ?? Options.Timeout);

    /// <summary>Runs the call, and reports what it has found to the world.</summary>
    public async Coroutine RunAsync()
    {
        await EventLoop.Delay(plan.StartAt);
        await PassTurns(plan.StartTurns);
        _began = _waitBegan = Now;
        LoopTask call = world.Loop.CreateTask(SendAsync());
        LoopTask? cancel = plan.CancelAfter is { } after
            ? world.Loop.CreateTask(CancelAsync(call, after))
            : null;
        await EventLoop.Wait([call]);
        cancel?.Cancel();
        Judge(call);
    }

    private async Coroutine CancelAsync(LoopTask call, TimeSpan after)
    {
        await EventLoop.Delay(after);
        await PassTurns(plan.CancelTurns);
        if (call.Cancel())
        {
            _cancelledAt = Now;
        }
    }

    private async Coroutine SendAsync()
    {
        var request = new ClientRequest(plan.Method, world.Record.FirstStep(this).Url)
        {
            Content = plan.Content is { } content ? ModelContent.Make(plan.Number, content) : null,
            Timeout = plan.Timeout,
            FollowsRedirects = plan.FollowsRedirects,
            ExpectsContinue = plan.ExpectsContinue,
            Headers = { { "Authorization", ModelWorld.CredentialsOf(plan) } },
        };
        ClientResponse response = await world.Session.SendAsync(request);
        try
        {
            IsHandedOut = true;
            world.Record.Log($"{this} has the head of {response.Status}");
            CheckInTime();
            CheckHead(response);
            _waitBegan = Now;
            await EndAsync(response);
        }
        finally
        {
            bool isForgotten = plan.End == CallEnd.Forget || (plan.End == CallEnd.ReadOnly
                && (IsRead || world.Scenario.Weather != Weather.Calm));
            if (!isForgotten)
            {
                response.Dispose();
            }
        }
    }

    private void CheckHead(ClientResponse response)
    {
        string? token = response.Headers[ModelReply.TokenField];
        if (token is null)
        {
            // A server that was idle for too long may say so when the request is on its way.
            Require(
                response.Status == 408 && world.Record.MayEnd(IdleEnd.Timeout408),
                $"has a response that is of no request: {response.Status}");
            return;
        }

        _reply = world.Record.FindReply(response.Headers[ModelReply.NumberField]);
        if (_reply is null || _reply.Step.Call != this || token != _reply.Step.Token)
        {
            world.Record.Violate($"{this} has the response of another request: {token}");
            return;
        }

        bool isToFollow = plan.FollowsRedirects && _reply.Location is not null;
        Require(!isToFollow, "has a redirect that was to be followed");
        Require(!_reply.IsHeadGarbled, "has a malformed head");
        Require(response.Status == _reply.Status, "has another status");
        Require(response.Redirects.Count == _reply.Step.Depth, "has other redirects");
        Require(response.Url.ToString() == _reply.Step.Url, "has another URL");
    }

    private async Coroutine EndAsync(ClientResponse response)
    {
        await DelayAsync(plan.Hold);
        switch (plan.End)
        {
            case CallEnd.ReadAll or CallEnd.ReadOnly:
                CheckBody(response, (await response.ReadAsync()).Span);
                break;
            case CallEnd.Stream or CallEnd.GiveUpReads:
                CheckBody(response, await ReadStreamAsync(response, long.MaxValue));
                break;
            case CallEnd.PartAndDispose:
                byte[] part = await ReadStreamAsync(response, _dice.From(0, 3000));
                Require(IsPrefix(part), "has other bytes in its body");
                break;
            case CallEnd.Throw:
                throw new ModelCallerException();
            default:
                break;
        }
    }

    private void CheckBody(ClientResponse response, ReadOnlySpan<byte> body)
    {
        CheckInTime();
        Require(IsPrefix(body), "has other bytes in its body");
        if (_reply is { } reply)
        {
            Require(reply.MayBeWhole, "has read a broken response to its end");
            Require(
                body.Length == reply.Body.Length || reply.IsCut,
                $"has read {body.Length} bytes of {reply.Body.Length}");
            bool hasTrailer = reply is { Framing: ModelFraming.Chunked, HasBody: true };
            string? trailer = hasTrailer ? reply.Step.Token : null;
            Require(response.Trailers[ModelReply.TrailerField] == trailer, "has another trailer");
            IsRead = true;
        }
    }

    // What is received for other bytes is not told apart from what is read of another body.
    private bool IsPrefix(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> whole = _reply is { } reply ? reply.Body : [];
        return whole.StartsWith(body);
    }

    private async Coroutine<byte[]> ReadStreamAsync(ClientResponse response, long bytesMax)
    {
        using var read = new MemoryStream();
        while (read.Length < bytesMax)
        {
            if (_dice.Is(0.1))
            {
                await DelayAsync(_dice.Time(0, 0.3));
            }

            _waitBegan = Now;
            if (await TryReadAsync(response) is not { } result)
            {
                continue;
            }

            CheckInTime();
            ReadOnlySequence<byte> bytes = result.Buffer;
            long taken = _dice.Is(0.7) ? bytes.Length : bytes.Length / 2;
            foreach (ReadOnlyMemory<byte> piece in bytes.Slice(0, taken))
            {
                read.Write(piece.Span);
            }

            SequencePosition consumed = bytes.GetPosition(taken);
            response.Body.AdvanceTo(consumed, _dice.Is(0.5) ? bytes.End : consumed);
            if (result.IsCompleted && taken == bytes.Length)
            {
                break;
            }
        }

        return read.ToArray();
    }

    // Null: given up.
    private async Coroutine<ReadResult?> TryReadAsync(ClientResponse response)
    {
        TimeSpan? limit = plan.End == CallEnd.GiveUpReads ? _dice.Time(0, 0.3) : null;
        TimeoutScope? time = null;
        try
        {
            return await TimeoutScope.Run(limit, async scope =>
            {
                time = scope;
                return (ReadResult?)await response.Body.ReadAsync();
            });
        }
        catch (TimeoutException) when (time!.Expired)
        {
            return null;
        }
    }

    private void Judge(LoopTask call)
    {
        Exception? error = call.IsCancelled ? new LoopCanceledException() : call.Exception;
        string outcome = error is null ? "ends" : $"{error.GetType().Name}: {error.Message}";
        world.Record.Log($"{this} {outcome}");
        Require(
            _cancelledAt is null || _cancelledAt == Now, "has not ended when it was cancelled");
        if (error is not null)
        {
            CheckInTime();
            Require(IsExplained(error), $"has failed without a cause: {error}");
        }
    }

    private bool IsExplained(Exception error) => error switch
    {
        OperationCanceledException => _cancelledAt is not null,
        ModelCallerException => plan.End == CallEnd.Throw,
        ModelContentException => plan.Content?.Flaw == ContentFlaw.Throws,
        InvalidOperationException =>
            plan.Content?.Flaw is ContentFlaw.TooFew or ContentFlaw.TooMany,
        ClientPoolException => world.IsClosed || Options.WaitersMax < world.Scenario.Calls.Count,
        ClientRedirectException => plan.FollowsRedirects && world.Record.MayStopRedirects(this),
        _ when world.Scenario.Weather == Weather.Calm => false,
        ClientTimeoutException late => IsLate(late.Phase),
        ClientDisconnectedException => true,
        ClientConnectException => world.Record.MayRefuse,
        ClientProtocolException refused => MayRefuse(refused.Reason),
        ClientException { InnerException: { } inner } => IsHandedOut && IsExplained(inner),
        _ => false,
    };

    // The limit that is said to have passed must have passed since the call began, or the wait.
    private bool IsLate(ClientPhase phase) => phase switch
    {
        ClientPhase.Pool => !IsHandedOut && Now - _began >= Options.PoolTimeout,
        ClientPhase.Connect => !IsHandedOut && Now - _began >= Options.ConnectTimeout,
        ClientPhase.Send => Now - _began >= Options.SendIdleTimeout,
        ClientPhase.Head => !IsHandedOut && Now - _began >= Options.HeadTimeout,
        ClientPhase.Body => IsHandedOut && Now - _waitBegan >= Options.BodyIdleTimeout,
        _ => Now >= Due,
    };

    private bool MayRefuse(Rejection reason) => reason switch
    {
        Rejection.BodyTooLarge => _reply?.BodyBytes
            > Math.Min(Options.BodyBytesMax, Options.BodyBufferBytesMax),
        Rejection.BodyNoRoom => Options.BodyBufferBytesMax < 1 << 28,
        _ => world.Record.MayBeGarbled,
    };

    private void CheckInTime() => Require(
        Now <= (_waitBegan > Due ? _waitBegan : Due),
        $"was to end at {Due}");

    private void Require(bool holds, string what)
    {
        if (!holds)
        {
            world.Record.Violate($"{this} {what}");
        }
    }

    // The caller's own time: a cancellation may end it, and the limits of the call do not.
    private async Coroutine DelayAsync(TimeSpan time)
    {
        _waitBegan = TimeSpan.MaxValue;
        await EventLoop.Delay(time);
        _waitBegan = Now;
    }

    private static async Coroutine PassTurns(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await EventLoop.Yield();
        }
    }

    public override string ToString() => $"c{plan.Number} ({plan.Method}, {plan.End})";
}
