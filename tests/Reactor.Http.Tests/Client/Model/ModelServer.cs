using System.Text;
using Reactor.Net;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// A server of the model, or the proxy before all of them: reads requests strictly, reports each to
/// the world, and answers as its plan and its dice say.
/// </summary>
/// <remarks>Loop thread only. Its connections end by themselves when the peer leaves.</remarks>
internal sealed class ModelServer(ModelWorld world, string? origin) : IConnectionHandler
{
    private static readonly TimeSpan s_lingerTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(70);

    private readonly ModelDice _dice = new(
        HashOf(world.Scenario.Seed, origin is null ? 0 : origin[0]));

    public async Coroutine ServeAsync(Connection connection)
    {
        try
        {
            var served = new Served(connection);
            bool isKept = true;
            while (isKept)
            {
                isKept = await ReadAsync(served) is { } request
                    && await AnswerAsync(served, request);
            }
        }
        catch (FormatException error)
        {
            world.Record.Violate($"a server has read what is no request: {error.Message}");
        }
        catch (IOException)
        {
            // The client has left, which it may at any time.
        }

        connection.Close();
    }

    /// <summary>A connection, the origin that its first request named, and its requests.</summary>
    private sealed class Served(Connection connection)
    {
        public Connection Connection => connection;

        public OriginPlan? Plan { get; set; }

        public int Requests { get; set; }
    }

    // Null: it was idle for too long, and was ended.
    private async Coroutine<ModelRequest?> ReadAsync(Served served)
    {
        Connection connection = served.Connection;
        TimeSpan? limit = served.Requests == 0 || world.IsProbing ? null : served.Plan!.IdleLimit;
        try
        {
            return await TimeoutScope.Run(limit, _ => ModelRequest.ReadAsync(connection));
        }
        catch (TimeoutException)
        {
        }

        switch (served.Plan!.IdleEnd)
        {
            case IdleEnd.Reset:
                connection.Abort();
                return null;
            case IdleEnd.Timeout408:
                await connection.WriteAsync(
                    "HTTP/1.1 408 Late\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8
                    .ToArray());
                return null;
            case IdleEnd.Junk:
                await connection.WriteAsync("junk\r\n"u8.ToArray());
                return await ModelRequest.ReadAsync(connection);
            default:
                return null;
        }
    }

    // False: the connection has ended.
    private async Coroutine<bool> AnswerAsync(Served served, ModelRequest request)
    {
        Connection connection = served.Connection;
        served.Requests++;
        if (world.Record.Arrive(request, served.Requests, isProxy: origin is null) is not { } step)
        {
            return false;
        }

        served.Plan ??= world.PlanOf(step.Origin);
        if (served.Plan.Name != step.Origin)
        {
            world.Record.Violate($"{step.Token} uses a connection of {served.Plan.Name}");
        }

        if (world.IsProbing)
        {
            await world.EnterProbeAsync();
        }

        OriginPlan plan = world.IsProbing ? new OriginPlan(step.Origin) : served.Plan;
        using var content = new MemoryStream();
        bool isEarly = request.HasContent && _dice.Is(plan.EarlyChance);
        if (_dice.Is(plan.StopsReadingChance))
        {
            await EventLoop.Delay(s_stopTimeout);
            return false;
        }

        if (!isEarly)
        {
            await ReadContentAsync(connection, request, step, content, int.MaxValue);
        }
        else if (_dice.Is(0.5))
        {
            await ReadContentAsync(connection, request, step, content, _dice.From(0, 3000));
        }

        if (_dice.Is(plan.SilenceChance))
        {
            await connection.ReadToEndAsync();
            return false;
        }

        ModelReply reply = DrawReply(plan, step, isEarly);
        world.Record.Add(reply);
        await SendAsync(connection, reply, plan);
        return await EndAsync(connection, request, step, content, reply);
    }

    private async Coroutine ReadContentAsync(
        Connection connection, ModelRequest request, ModelStep step, MemoryStream content,
        int bytesMax)
    {
        if (request.ExpectsContinue && _dice.Is(0.7))
        {
            await connection.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
        }

        try
        {
            await request.ReadContentAsync(connection, content, bytesMax);
        }
        finally
        {
            world.Record.CheckContent(step, content.ToArray(), request.IsRead);
        }
    }

    private ModelReply DrawReply(OriginPlan plan, ModelStep step, bool isEarly)
    {
        bool isRedirect = _dice.Is(plan.RedirectChance);
        bool isHttp10 = plan.IsHttp10 && _dice.Is(0.8);
        var framing = (ModelFraming)_dice.From(0, 2);
        if (framing == ModelFraming.Chunked && isHttp10)
        {
            framing = ModelFraming.Length;
        }

        int number = world.Record.NextReply();
        int status = isRedirect ? _dice.Pick(301, 302, 303, 307, 308)
            : isEarly ? _dice.Pick(200, 200, 413)
            : _dice.Pick(200, 200, 200, 200, 204, 304, 404, 500);
        var reply = new ModelReply(number, step)
        {
            Status = status,
            Framing = framing,
            BodyBytes = world.IsProbing ? _dice.From(0, 200) : _dice.BodyBytes(),
            IsHttp10 = isHttp10,
            KeepsAlive = framing != ModelFraming.Close && !_dice.Is(plan.CloseChance),
            Interims = _dice.Is(plan.InterimChance) ? _dice.From(1, 4) : 0,
            Location = isRedirect ? world.Record.Redirect(step, number, status, _dice) : null,
        };
        if (_dice.Is(plan.GarbageChance))
        {
            ModelGarbage garbage = (ModelGarbage)_dice.From(1, 4);
            bool fits = garbage switch
            {
                ModelGarbage.Chunk => framing == ModelFraming.Chunked && reply.HasBody,
                ModelGarbage.StatusLine => true,
                ModelGarbage.TwoLengths => framing == ModelFraming.Length && reply.HasBody,
                _ => reply is { HasBody: true, IsHttp10: false },
            };
            reply = fits ? reply with { Garbage = garbage } : reply;
        }

        if (_dice.Is(plan.CutChance))
        {
            reply = reply with { CutAt = _dice.From(0, 99) / 100.0, IsCutByReset = _dice.Is(0.5) };
        }

        // Only where it arrives with the response: a later one may answer the next request.
        bool hasSurplus = _dice.Is(plan.SurplusChance) && world.Scenario.IsNetworkExact
            && reply is { IsCut: false, BodyBytes: < 9000 }
            && (reply.Framing != ModelFraming.Close || !reply.HasBody);
        return reply with { HasSurplus = hasSurplus };
    }

    private async Coroutine SendAsync(Connection connection, ModelReply reply, OriginPlan plan)
    {
        for (int i = 0; i < reply.Interims; i++)
        {
            string interim = _dice.Pick("100 Continue", "103 Early\r\nLink: </x>", "199 Wait");
            await connection.WriteAsync(Encoding.Latin1.GetBytes($"HTTP/1.1 {interim}\r\n\r\n"));
        }

        bool isSlow = _dice.Is(plan.SlowChance) && !reply.HasSurplus;
        byte[] bytes = reply.ToBytes();
        if (isSlow)
        {
            await EventLoop.Delay(_dice.Time(0, 2));
        }

        int piece = isSlow ? Math.Max(1, bytes.Length / _dice.From(1, 8)) : bytes.Length;
        for (int at = 0; at < bytes.Length; at += piece)
        {
            if (at > 0)
            {
                await EventLoop.Delay(_dice.Time(0, 1));
            }

            await connection.WriteAsync(bytes.AsMemory(at, Math.Min(piece, bytes.Length - at)));
        }

        await connection.FlushAsync(); // a close drops what was only written
    }

    private async Coroutine<bool> EndAsync(
        Connection connection, ModelRequest request, ModelStep step, MemoryStream content,
        ModelReply reply)
    {
        OriginPlan plan = world.PlanOf(step.Origin);
        if (reply is { IsCut: true, IsCutByReset: true })
        {
            connection.Abort();
            return false;
        }

        bool isKept = reply is { IsCut: false, KeepsAlive: true }
            && !(_dice.Is(plan.SurpriseCloseChance) && !world.IsProbing);
        if (!isKept)
        {
            await EndStreamAsync(connection);
            return false;
        }

        if (!request.IsRead)
        {
            await request.ReadContentAsync(connection, content);
            world.Record.CheckContent(step, content.ToArray(), isWhole: true);
        }

        return true;
    }

    // A close with unread bytes is a reset, which would take the response with it.
    private static async Coroutine EndStreamAsync(Connection connection)
    {
        connection.ShutdownSend();
        byte[] buffer = new byte[4096];
        try
        {
            await TimeoutScope.Run(s_lingerTimeout, async _ =>
            {
                while (await connection.ReadAsync(buffer) > 0)
                {
                }
            });
        }
        catch (TimeoutException)
        {
            // It has had time enough.
        }
    }

    private static int HashOf(int seed, int name) => unchecked((seed * 31) + name);
}
