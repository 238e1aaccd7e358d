using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace OpenApi.Tests;

/// <summary>Two foreign readers accept the documents, without an error or a warning.</summary>
public sealed class AcceptedDocumentTests
{
    private static readonly TestCaseData[] s_documents =
    [
        new(ShopApplication.Document().ToString()) { TestName = "{m} in the shop" },
        new(TypesApplication.Document().ToString()) { TestName = "{m} in all types" },
        new(ClashTests.Document().ToString()) { TestName = "{m} where paths clash" },
    ];

    [TestCaseSource(nameof(s_documents))]
    public void Microsoft_OpenApi_finds_nothing(string json)
    {
        ReadResult read = Judge.Read(json);

        Assert.That(
            read.Diagnostic!.SpecificationVersion, Is.EqualTo(OpenApiSpecVersion.OpenApi3_1));
        Assert.That(read.Diagnostic.Errors, Is.Empty);
        Assert.That(read.Diagnostic.Warnings, Is.Empty);
    }

    [Test]
    public void Microsoft_OpenApi_reads_the_paths() => Assert.That(
        Judge.Read(ShopApplication.Document().ToString()).Document!.Paths.Keys,
        Is.EqualTo(new[]
        {
            "/orders/{number}", "/files/{rest}", "/any/{word}", "/products", "/products/{id}",
            "/hosted/{code}", "/wild",
        }));

    [Test]
    public void Microsoft_OpenApi_finds_a_planted_error()
    {
        string json = ShopApplication.Document().ToString()
            .Replace("\"title\": \"Shop\",", "", StringComparison.Ordinal);

        Assert.That(Judge.Read(json).Diagnostic!.Errors, Is.Not.Empty);
    }

    [TestCaseSource(nameof(s_documents))]
    [Category("External")]
    public void Redocly_finds_nothing(string json)
    {
        (int code, string output) = Judge.Lint(json);

        Assert.That(code, Is.Zero, output);
        Assert.That(
            output, Does.Contain("\"errors\": 0").And.Contain("\"warnings\": 0"), output);
    }

    [Test]
    [Category("External")]
    public void Redocly_finds_a_planted_error()
    {
        (int code, string output) = Judge.Lint(ShopApplication.Document().ToString()
            .Replace("\"#/components/schemas/Part\"", "\"#/components/schemas/Gone\"",
                StringComparison.Ordinal));

        Assert.That(code, Is.Not.Zero, output);
        Assert.That(output, Does.Contain("no-unresolved-refs"));
    }
}
