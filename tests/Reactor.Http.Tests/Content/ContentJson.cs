using System.Text.Json.Serialization;

namespace Reactor.Http.Tests.Content;

internal sealed record Order(
    string Name, Line[]? Lines = null, Dictionary<string, int>? Tags = null) : IValidatable
{
    public void Validate(Validation check)
    {
        check.Require(Name.Length > 0, "name", "must not be empty");
        check.CheckEach("lines", Lines);
    }
}

internal sealed record Line(int Count, Part? Part = null) : IValidatable
{
    public void Validate(Validation check)
    {
        check.Require(Count > 0, "count", "must be positive");
        check.Require(Count != 13, "", "is unlucky");
        check.Check("part", Part);
    }
}

internal sealed record Part([property: JsonPropertyName("part no")] int Number) : IValidatable
{
    public void Validate(Validation check)
    {
        check.Require(Number < 1000, "part no", "must be below 1000");
        check.Require(Number % 2 == 0, "part no", "must be even");
    }
}

[JsonDerivedType(typeof(Cat), "cat")]
internal abstract record Pet;

internal sealed record Cat(int Lives) : Pet;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Line[]))]
[JsonSerializable(typeof(int?))]
[JsonSerializable(typeof(Pet))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(System.Text.Json.JsonElement))]
internal sealed partial class ContentJson : JsonSerializerContext;
