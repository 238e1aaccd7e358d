using System.Text.Json;
using System.Text.Json.Serialization;
using Reactor.Http;
using Reactor.Http.OpenApi;
using DescriptionAttribute = System.ComponentModel.DescriptionAttribute;

namespace OpenApi.Tests.Left
{
    /// <summary>It has the name of another, and another shape.</summary>
    internal sealed record Item(int Number);

    [Description("The left one.")]
    internal sealed record Twin(int Number) : TwinBase;
}

namespace OpenApi.Tests.Right
{
    internal sealed record Item(string Text);

    [Description("The right one.")]
    internal sealed record Twin(int Number) : TwinBase;
}

namespace OpenApi.Tests
{
    internal sealed record Formats(
        DateTime Made, DateTimeOffset Sent, DateOnly Day, TimeOnly Hour, TimeOnly? Late,
        Guid Id, Uri Link,
        byte[] Bytes, char Letter, bool Flag, sbyte Tiny, ushort Small, int Whole, long Big,
        float Single, double Double, decimal Money, JsonElement Anything);

    internal sealed record Optional(
        string Needed, string? MayBeNull, int? Count, string WithDefault = "x", int Number = 7,
        Level Level = Level.High, Level? Other = null)
    {
        public required string Set { get; init; }

        public string? Free { get; init; }
    }

    internal sealed record Named(string FirstName)
    {
        [JsonPropertyName("the-name")]
        public required string Renamed { get; init; }

        [JsonIgnore]
        public int Hidden { get; init; }
    }

    internal enum Level
    {
        Low,

        [JsonStringEnumMemberName("very high")]
        High,
    }

    /// <summary>What the default options demand and leave out.</summary>
    internal sealed record Note(
        string Text, string? Tag, int Count, [property: JsonIgnore(
            Condition = JsonIgnoreCondition.WhenWritingDefault)] int Zero,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Kept,
        int Usual = 3)
    {
        public required string? Set { get; init; }
    }

    internal enum Digit
    {
        Zero,
        One,
    }

    internal sealed record Tree(string Name, List<Tree> Children, Tree? Parent);

    /// <summary>A collection that contains itself.</summary>
    internal sealed class Forest : List<Forest>;

    internal sealed record Maps(
        Dictionary<string, Left.Item> Left, Dictionary<string, List<Right.Item>> Right,
        IReadOnlyDictionary<int, int> Numbers, Digit Digit);

    [JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
    [JsonDerivedType(typeof(Cat), -1)]
    [JsonDerivedType(typeof(Dog), 2)]
    internal abstract record Animal(string Name);

    internal sealed record Cat(string Name, int Lives) : Animal(Name);

    internal sealed record Dog(string Name, Animal? Friend) : Animal(Name);

    [JsonDerivedType(typeof(Left.Twin), "left")]
    [JsonDerivedType(typeof(Right.Twin), "right")]
    internal abstract record TwinBase;

    [JsonDerivedType(typeof(Circle), "circle")]
    internal record Shape(int Id);

    internal sealed record Circle(int Id, double Radius) : Shape(Id);

    [Description("A text of two parts.")]
    internal sealed record Described(
        [Description("By the parameter.")] string First,
        [property: Description("By the property.")] string Second,
        [Description("A reference.")] Part Part, Part? Plain, Noted Noted,
        [Description("Any value.")] JsonElement Any, List<Noted> All);

    [Description("By the type.")]
    internal sealed record Noted(int Number);

    [JsonSourceGenerationOptions(
        UseStringEnumConverter = true, RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true)]
    [JsonSerializable(typeof(Formats))]
    [JsonSerializable(typeof(Optional))]
    [JsonSerializable(typeof(Tree))]
    [JsonSerializable(typeof(Forest))]
    [JsonSerializable(typeof(Animal))]
    [JsonSerializable(typeof(Described))]
    [JsonSerializable(typeof(Named))]
    [JsonSerializable(typeof(Left.Item), TypeInfoPropertyName = "LeftItem")]
    [JsonSerializable(typeof(Right.Item), TypeInfoPropertyName = "RightItem")]
    [JsonSerializable(typeof(Left.Twin), TypeInfoPropertyName = "LeftTwin")]
    [JsonSerializable(typeof(Right.Twin), TypeInfoPropertyName = "RightTwin")]
    [JsonSerializable(typeof(TwinBase))]
    [JsonSerializable(typeof(Shape))]
    [JsonSerializable(typeof(List<int?>))]
    [JsonSerializable(typeof(int?))]
    [JsonSerializable(typeof(List<JsonElement>))]
    internal sealed partial class TypesJson : JsonSerializerContext;

    [JsonSourceGenerationOptions(
        JsonSerializerDefaults.Web, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(Named))]
    [JsonSerializable(typeof(Maps))]
    [JsonSerializable(typeof(Left.Item), TypeInfoPropertyName = "LeftItem")]
    [JsonSerializable(typeof(Right.Item), TypeInfoPropertyName = "RightItem")]
    internal sealed partial class SnakeJson : JsonSerializerContext;

    [JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(Note))]
    internal sealed partial class BriefJson : JsonSerializerContext;

    /// <summary>A route that takes and returns each of these types.</summary>
    internal static class TypesApplication
    {
        public static Application Make()
        {
            var app = new Application();
            app.Post("/formats", TypesJson.Default.Formats, TypesJson.Default.Formats, Echo);
            app.Post("/optional", TypesJson.Default.Optional, TypesJson.Default.Optional, Echo);
            app.Post("/tree", TypesJson.Default.Tree, TypesJson.Default.Tree, Echo);
            app.Post("/forest", TypesJson.Default.Forest, TypesJson.Default.Forest, Echo);
            app.Post("/animal", TypesJson.Default.Animal, TypesJson.Default.Animal, Echo);
            app.Post(
                "/described", TypesJson.Default.Described, TypesJson.Default.Described, Echo);
            app.Post("/named", TypesJson.Default.Named, TypesJson.Default.Named, Echo);
            app.Post("/snake", SnakeJson.Default.Named, SnakeJson.Default.Named, Echo);
            app.Post("/maps", SnakeJson.Default.Maps, SnakeJson.Default.Maps, Echo);
            app.Post("/left", TypesJson.Default.LeftItem, TypesJson.Default.LeftItem, Echo);
            app.Post("/right", TypesJson.Default.RightItem, TypesJson.Default.RightItem, Echo);
            app.Post("/twin", TypesJson.Default.LeftTwin, TypesJson.Default.RightTwin, Mirror);
            app.Post("/base", TypesJson.Default.TwinBase, TypesJson.Default.TwinBase, Echo);
            app.Post("/note", BriefJson.Default.Note, BriefJson.Default.Note, Echo);
            app.Post("/any", TypesJson.Default.ListJsonElement,
                TypesJson.Default.ListJsonElement, Echo);
            app.Post(
                "/count", TypesJson.Default.NullableInt32, TypesJson.Default.NullableInt32, Echo);
            app.Post("/shape", TypesJson.Default.Shape, TypesJson.Default.Shape, Echo);
            app.Post(
                "/numbers", TypesJson.Default.ListNullableInt32,
                TypesJson.Default.ListNullableInt32, Echo);
            return app;
        }

        public static OpenApiDocument Document() => OpenApiDocument.Create(
            Make(), Documents.Info with { License = new("MIT", Identifier: "MIT") });

        private static Right.Twin Mirror(Request request, Left.Twin twin) => new(twin.Number);

        private static T Echo<T>(Request request, T value) => value;
    }
}
