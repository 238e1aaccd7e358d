using System.Globalization;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// Makes the content of a call of the model, with the flaw that its plan has. Its bytes follow from
/// the number of the call, so a server knows each of them.
/// </summary>
internal static class ModelContent
{
    public static ClientContent Make(int call, ContentPlan plan)
    {
        byte[] bytes = Written(call, plan);
        long? length = plan.HasLength ? plan.Bytes : null;
        return plan.IsStream
            ? ClientContent.Stream(
                plan.CanResend ? new MemoryStream(bytes) : new ForwardStream(bytes), length)
            : ClientContent.Generated(
                body => WriteAsync(body, bytes, plan), length: length, canResend: plan.CanResend);
    }

    /// <summary>True if the length is in the head; a stream that can seek knows its own.</summary>
    public static bool HasLength(ContentPlan plan) =>
        plan.HasLength || plan is { IsStream: true, CanResend: true };

    /// <summary>All bytes that a content writes; more than are sent if it has a flaw.</summary>
    public static byte[] Written(int call, ContentPlan plan) => ModelBytes.Make(
        string.Create(CultureInfo.InvariantCulture, $"u{call}"),
        plan.Flaw switch
        {
            ContentFlaw.TooFew => plan.Bytes - 1,
            ContentFlaw.TooMany => plan.Bytes + 1,
            _ => plan.Bytes,
        });

    private static async Coroutine WriteAsync(
        ClientBodyWriter body, byte[] bytes, ContentPlan plan)
    {
        int end = plan.Flaw == ContentFlaw.Throws ? bytes.Length / 2 : bytes.Length;
        for (int at = 0; at < end;)
        {
            int piece = Math.Min(plan.PieceBytes, end - at);
            await body.WriteAsync(bytes.AsMemory(at, piece));
            at += piece;
            if (plan.Pause > TimeSpan.Zero)
            {
                await EventLoop.Delay(plan.Pause);
            }
        }

        if (plan.Flaw == ContentFlaw.Throws)
        {
            throw new ModelContentException();
        }
    }

    private sealed class ForwardStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
