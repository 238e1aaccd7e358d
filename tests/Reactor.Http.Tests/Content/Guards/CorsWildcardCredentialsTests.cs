namespace Reactor.Http.Tests.Content.Guards;

/// <summary>
/// A star with credentials would let every site act as the user. Browsers refuse it; we refuse it
/// before the first request.
/// </summary>
public sealed class CorsWildcardCredentialsTests
{
    private static readonly CorsOptions s_named = new()
    {
        Origins = ["https://friend.test"],
        Methods = ["PUT"],
        Headers = ["X-Trace"],
        ExposedHeaders = ["ETag"],
    };

    private static readonly TestCaseData[] s_stars =
    [
        new(s_named with { Origins = ["*"] }, "Origins"),
        new(s_named with { Methods = ["*"] }, "Methods"),
        new(s_named with { Headers = ["*"] }, "Headers"),
        new(s_named with { ExposedHeaders = ["*"] }, "ExposedHeaders"),
    ];

    [TestCaseSource(nameof(s_stars))]
    public void A_star_with_credentials_is_refused_at_the_start(CorsOptions options, string option)
    {
        CorsOptions bad = options with { Credentials = true };
        Assert.That(
            () => new Application().UseCors(bad),
            Throws.ArgumentException.With.Message.Contains($"CorsOptions.{option} cannot be *"));
        Assert.That(
            () => new Application().Group("/api").UseCors(bad), Throws.ArgumentException);
        Assert.That(
            () => new Application().Get("/", _ => new Response()).UseCors(bad),
            Throws.ArgumentException);
    }

    [TestCaseSource(nameof(s_stars))]
    public void A_star_without_credentials_is_taken(CorsOptions options, string option) =>
        Assert.That(() => new Application().UseCors(options), Throws.Nothing, option);
}
