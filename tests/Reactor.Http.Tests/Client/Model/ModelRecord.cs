using System.Globalization;
using Reactor.Simulation;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// What has happened in a run of the model: the requests that may come, those that came, the
/// responses, and the promises that were broken. It checks each request that a server reads.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ModelRecord(ModelWorld world)
{
    private readonly Dictionary<string, ModelStep> _steps = [];
    private readonly Dictionary<ModelCall, ModelStep> _firstSteps = [];
    private readonly Dictionary<int, ModelReply> _replies = [];
    private readonly List<string> _events = [];
    private readonly List<string> _violations = [];
    private ulong _hash = 14695981039346656037; // FNV-1a
    private int _lastReply;
    private int _lastCall;

    /// <summary>All events in their order; two runs of a seed have the same.</summary>
    public IReadOnlyList<string> Events => _events;

    public IReadOnlyList<string> Violations => _violations;

    /// <summary>Responses that were read to their ends.</summary>
    public int Whole => _firstSteps.Keys.Count(static call => call.IsRead);

    public bool MayRefuse =>
        !world.Scenario.HasProxy && world.Scenario.Origins.Any(static one => one.IsDown);

    public bool MayBeGarbled => MayEnd(IdleEnd.Junk)
        || world.Scenario.Origins.Any(static one => one.GarbageChance > 0);

    public bool MayEnd(IdleEnd end) => world.Scenario.Origins.Any(
        one => one.IdleLimit is not null && one.IdleEnd == end);

    /// <summary>Whether a redirect of a call may be impossible to follow.</summary>
    public bool MayStopRedirects(ModelCall call) => _steps.Values.Any(step =>
        step.Call == call && step.Redirect > 0
        && (step.Depth > world.Scenario.Options.RedirectsMax
            || step.Content is { CanResend: false }));

    public int NextReply() => ++_lastReply;

    public int NextCall(int from) => from + ++_lastCall;

    public void Begin(ModelCall call)
    {
        CallPlan plan = call.Plan;
        var step = new ModelStep(call, 0, plan.Method, plan.Origin)
        {
            Content = plan.Content,
            ExpectsContinue = plan.ExpectsContinue,
        };
        Log($"{plan}");
        _firstSteps.Add(call, step);
        _steps.Add(step.Token, step);
    }

    public ModelStep FirstStep(ModelCall call) => _firstSteps[call];

    public void Add(ModelReply reply)
    {
        _replies.Add(reply.Number, reply);
        Log($"{reply.Step.Token} gets r{reply.Number}: {reply.Status}, {reply.Framing}, "
            + $"{reply.BodyBytes} bytes, cut {reply.CutAt}, {reply.Garbage}, {reply.Location}");
    }

    public ModelReply? FindReply(string? number) => _replies.GetValueOrDefault(
        int.TryParse(number, CultureInfo.InvariantCulture, out int known) ? known : 0);

    /// <summary>Makes a redirect to any origin; returns its location.</summary>
    public string Redirect(ModelStep step, int reply, int status, ModelDice dice)
    {
        string origin = dice.Pick(world.Scenario.Origins.ToArray()).Name;
        ModelStep next = step.Follow(reply, status, origin);
        _steps.Add(next.Token, next);
        return origin == step.Origin && dice.Is(0.5) ? $"/{next.Token}" : next.Url;
    }

    /// <summary>A server has read the head of a request. Null: it is of no call.</summary>
    public ModelStep? Arrive(ModelRequest request, int place, bool isProxy)
    {
        Log($"a server reads {request.Method} {request.Target}, number {place}");
        string token = request.Target[(request.Target.LastIndexOf('/') + 1)..];
        if (!_steps.TryGetValue(token, out ModelStep? step))
        {
            Violate($"a server has read a request of no call: {request.Method} {request.Target}");
            return null;
        }

        string? wrong = step.Arrive(place == 1, world.Scenario.Options.RetriesMax)
            ?? WrongIn(step, request, isProxy);
        Require(wrong is null, $"{token}: {wrong}");
        return step;
    }

    /// <summary>Compares what a server has of a content with what its caller has written.</summary>
    public void CheckContent(ModelStep step, ReadOnlySpan<byte> content, bool isWhole)
    {
        int number = step.Call.Plan.Number;
        byte[] written = step.Content is { } plan ? ModelContent.Written(number, plan) : [];
        Require(written.AsSpan().StartsWith(content), $"{step.Token} has sent other bytes");
        bool mayBeWhole = step.Content is null
            || (content.Length == step.Content.Bytes
                && step.Content.Flaw is ContentFlaw.None or ContentFlaw.TooMany);
        Require(!isWhole || mayBeWhole, $"{step.Token} has sent {content.Length} bytes as all");
    }

    public void Trace(NetworkTrace item)
    {
        Mix(item.Time.Ticks);
        Mix(item.End);
        Mix(((int)item.Kind << 28) ^ item.Bytes);
    }

    public void Log(string what) => _events.Add(string.Create(
        CultureInfo.InvariantCulture, $"{world.Loop.Time} {_hash:x16} {what}"));

    public void Violate(string what)
    {
        Log($"WRONG: {what}");
        _violations.Add(what);
    }

    public void Require(bool holds, string what)
    {
        if (!holds)
        {
            Violate(what);
        }
    }

    private static string? WrongIn(ModelStep step, ModelRequest request, bool isProxy)
    {
        CallPlan plan = step.Call.Plan;
        string? credentials = step.HasCredentials ? ModelWorld.CredentialsOf(plan) : null;
        string target = isProxy ? step.Url : $"/{step.Token}";
        bool isCookieRight = request["Cookie"] is not { } cookie || cookie == $"home={step.Origin}";
        return request.Method != step.Method ? $"the method is {request.Method}"
            : request.Target != target ? $"the target is {request.Target}"
            : request["Host"] != step.Origin ? $"the host is {request["Host"]}"
            : request["Authorization"] != credentials ? "the credentials are others"
            : request["Proxy-Authorization"] is not null != isProxy ? "the proxy's credentials"
            : !isCookieRight ? $"the cookie is {request["Cookie"]}"
            : WrongFraming(step.Content, request);
    }

    private static string? WrongFraming(ContentPlan? content, ModelRequest request) =>
        content is null
            ? request.HasContent ? "it has a content" : null
        : ModelContent.HasLength(content)
            ? request.ContentLength != content.Bytes
                ? $"its length is {request.ContentLength}" : null
        : request.IsChunked ? null : "it is not in chunks";

    private void Mix(long value) => _hash = unchecked((_hash ^ (ulong)value) * 1099511628211);
}
