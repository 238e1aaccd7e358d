using System.Diagnostics;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using Reactor.Testing;

namespace OpenApi.Tests;

/// <summary>Two foreign readers accept the document, without an error or a warning.</summary>
public sealed class AcceptedDocumentTests
{
    private const string Rules = """
        extends:
          - recommended
        """;

    [Test]
    public void Microsoft_OpenApi_finds_nothing()
    {
        ReadResult read = Read(ShopApplication.Document().ToString());

        Assert.That(
            read.Diagnostic!.SpecificationVersion, Is.EqualTo(OpenApiSpecVersion.OpenApi3_1));
        Assert.That(read.Diagnostic.Errors, Is.Empty);
        Assert.That(read.Diagnostic.Warnings, Is.Empty);
        Assert.That(read.Document!.Paths.Keys, Is.EquivalentTo(new[]
        {
            "/files/{rest}", "/any/{word}", "/orders/{number}", "/products", "/products/{id}",
            "/hosted/{code}", "/wild",
        }));
    }

    [Test]
    public void Microsoft_OpenApi_finds_a_planted_error()
    {
        string json = ShopApplication.Document().ToString()
            .Replace("\"title\": \"Shop\",", "", StringComparison.Ordinal);

        Assert.That(Read(json).Diagnostic!.Errors, Is.Not.Empty);
    }

    [Test]
    [Category("External")]
    public void Redocly_finds_nothing()
    {
        (int code, string output) = Lint(ShopApplication.Document().ToString());

        Assert.That(code, Is.Zero, output);
        Assert.That(output, Does.Contain("\"errors\": 0").And.Contain("\"warnings\": 0"));
    }

    [Test]
    [Category("External")]
    public void Redocly_finds_a_planted_error()
    {
        (int code, string output) = Lint(ShopApplication.Document().ToString()
            .Replace("\"#/components/schemas/Part\"", "\"#/components/schemas/Gone\"",
                StringComparison.Ordinal));

        Assert.That(code, Is.Not.Zero, output);
        Assert.That(output, Does.Contain("no-unresolved-refs"));
    }

    private static ReadResult Read(string json) =>
        OpenApiDocument.Parse(json, "json");

    private static (int Code, string Output) Lint(string json)
    {
        string node = ExternalTool.Require("node", "nodejs");
        string modules = NpmPackage.Require("@redocly/cli", "2.77.0");
        string folder = Directory.CreateTempSubdirectory("openapi").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "openapi.json"), json);
            File.WriteAllText(Path.Combine(folder, "redocly.yaml"), Rules);
            var start = new ProcessStartInfo(
                node,
                [
                    Path.Combine(modules, "@redocly/cli/bin/cli.js"), "lint", "--format=json",
                    "openapi.json",
                ])
            {
                WorkingDirectory = folder,
            };
            start.Environment["REDOCLY_TELEMETRY"] = "off"; // a test asks no other host
            start.Environment["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true";
            using ChildProcess child = ChildProcess.Start(start);
            (int code, string output, string errors) = child.Finish();
            return (code, output + errors);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
