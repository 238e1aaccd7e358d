using System.Text.Json.Nodes;
using Reactor.Http.Testing;
using static OpenApi.Tests.Documents;

namespace OpenApi.Tests;

/// <summary>
/// The schemas of types: what they look like, and that a validator accepts by them what the
/// application takes and sends, and refuses what the application refuses.
/// </summary>
public sealed class SchemaTests
{
    private static readonly JsonObject s_root = TypesApplication.Document().Root;

    // The formats are those of the registry of OpenAPI. RFC 3339 demands an offset from a "time".
    [TestCase("Made", """{"type":"string","format":"date-time"}""")]
    [TestCase("Sent", """{"type":"string","format":"date-time"}""")]
    [TestCase("Day", """{"type":"string","format":"date"}""")]
    [TestCase("Hour", """{"type":"string","format":"time-local"}""")]
    [TestCase("Late", """{"type":["string","null"],"format":"time-local"}""")]
    [TestCase("Id", """{"type":"string","format":"uuid"}""")]
    [TestCase("Link", """{"type":"string","format":"uri-reference"}""")]
    [TestCase("Bytes", """{"type":"string","contentEncoding":"base64"}""")]
    [TestCase("Letter", """{"type":"string","minLength":1,"maxLength":1}""")]
    [TestCase("Flag", """{"type":"boolean"}""")]
    [TestCase("Tiny", """{"type":"integer","format":"int8"}""")]
    [TestCase("Small", """{"type":"integer","format":"uint16"}""")]
    [TestCase("Whole", """{"type":"integer","format":"int32"}""")]
    [TestCase("Big", """{"type":"integer","format":"int64"}""")]
    [TestCase("Single", """{"type":"number","format":"float"}""")]
    [TestCase("Double", """{"type":"number","format":"double"}""")]
    [TestCase("Money", """{"type":"number","format":"decimal"}""")]
    [TestCase("Anything", "{}")]
    public void A_value_has_its_format(string property, string schema) =>
        AssertJson(Component("Formats")["properties"]![property], schema);

    [Test]
    public void What_may_be_missing_is_not_required_and_has_its_default()
    {
        JsonNode schema = Component("Optional");
        Assert.That(
            schema["required"]!.AsArray().Select(name => (string?)name),
            Is.EquivalentTo(new[] { "Needed", "MayBeNull", "Count", "Set" }));
        AssertJson(schema["properties"], """
            {
              "Needed":{"type":"string"},
              "MayBeNull":{"type":["string","null"]},
              "Count":{"type":["integer","null"],"format":"int32"},
              "WithDefault":{"type":"string","default":"x"},
              "Number":{"type":"integer","format":"int32","default":7},
              "Level":{"$ref":"#/components/schemas/Level","default":"very high"},
              "Other":{"anyOf":[{"$ref":"#/components/schemas/Level"},{"type":"null"}],
                "default":null},
              "Set":{"type":"string"},
              "Free":{"type":["string","null"]}
            }
            """);
        AssertJson(Component("Level"), """{"type":"string","enum":["Low","very high"]}""");
    }

    [Test]
    public void A_type_that_contains_itself_refers_to_itself()
    {
        AssertJson(Component("Tree")["properties"], """
            {
              "Name":{"type":"string"},
              "Children":{"type":"array","items":{"$ref":"#/components/schemas/Tree"}},
              "Parent":{"anyOf":[{"$ref":"#/components/schemas/Tree"},{"type":"null"}]}
            }
            """);
        AssertJson(Component("Forest"), """
            {"type":"array","items":{"$ref":"#/components/schemas/Forest"}}
            """);
    }

    [Test]
    public void Two_types_of_one_name_and_one_type_by_two_policies_are_two_components()
    {
        Assert.That(
            Component("Item")["properties"].Keys(), Is.EqualTo(new[] { "number" }));
        Assert.That(
            new[] { "Item2", "Item3", "Item4", "Named", "Named2" }.Select(
                name => string.Join(' ', Component(name)["properties"].Keys())),
            Is.EqualTo(new[]
            {
                "text", "Number", "Text", "FirstName the-name", "first_name the-name",
            }));
    }

    [Test]
    public void Two_types_that_only_their_descriptions_tell_apart_are_two_components() =>
        Assert.That(
            new[] { "Twin", "Twin2" }.Select(name => (string?)Component(name)["description"]),
            Is.EqualTo(new[] { "The left one.", "The right one." }));

    [Test]
    public void Two_derived_types_of_one_name_are_two_components()
    {
        AssertJson(Component("TwinBase")["discriminator"]!["mapping"], """
            {"left":"#/components/schemas/TwinBaseTwin",
              "right":"#/components/schemas/TwinBaseTwin2"}
            """);
        AssertJson(
            Component("TwinBaseTwin2")["properties"]!["$type"], """{"const":"right"}""");
    }

    // A body that the program sends without them must be valid.
    [Test]
    public void What_may_be_null_or_is_not_written_is_not_required() => Assert.That(
        Component("Note")["required"]!.AsArray().Select(name => (string?)name),
        Is.EquivalentTo(new[] { "Text", "Count" }));

    // Null as content is answered with 400, and as a result with 404.
    [Test]
    public void A_value_by_itself_is_not_null()
    {
        AssertJson(RequestSchema("/count"), """{"type":"integer","format":"int32"}""");
        AssertJson(ResponseSchema("/count"), """{"type":"integer","format":"int32"}""");
    }

    [Test]
    public void A_list_of_anything_says_no_more() =>
        AssertJson(RequestSchema("/any"), """{"type":"array"}""");

    [Test]
    public void A_discriminator_may_be_a_number() =>
        AssertJson(Component("Animal")["discriminator"], """
            {"propertyName":"is","mapping":{
              "-1":"#/components/schemas/AnimalCat","2":"#/components/schemas/AnimalDog"}}
            """);

    // OpenAPI demands the discriminator of every alternative.
    [Test]
    public void A_base_type_that_has_values_of_its_own_has_no_discriminator()
    {
        JsonNode shape = Component("Shape");
        Assert.That(shape["discriminator"], Is.Null);
        AssertJson(shape["anyOf"], """
            [{"$ref":"#/components/schemas/ShapeCircle"},
              {"$ref":"#/components/schemas/ShapeShape"}]
            """);
    }

    [Test]
    public void An_enumeration_is_a_component_by_name_and_a_number_where_it_is_used() =>
        AssertJson(Component("Maps")["properties"]!["digit"], """{"type":"integer"}""");

    [Test]
    public void Descriptions_are_those_of_the_attribute()
    {
        JsonNode schema = Component("Described");
        Assert.That((string?)schema["description"], Is.EqualTo("A text of two parts."));
        AssertJson(schema["properties"], """
            {
              "First":{"description":"By the parameter.","type":"string"},
              "Second":{"description":"By the property.","type":"string"},
              "Part":{"description":"A reference.","$ref":"#/components/schemas/Part"},
              "Plain":{"anyOf":[{"$ref":"#/components/schemas/Part"},{"type":"null"}]},
              "Noted":{"$ref":"#/components/schemas/Noted"},
              "Any":{"description":"Any value."},
              "All":{"type":"array","items":{"$ref":"#/components/schemas/Noted"}}
            }
            """);
        Assert.That((string?)Component("Noted")["description"], Is.EqualTo("By the type."));
    }

    [TestCase("/formats", """
        {"Made":"2026-12-01T10:00:00Z","Sent":"2026-12-01T10:00:00+01:00","Day":"2026-12-01",
        "Hour":"10:00:00","Late":null,"Id":"00000000-0000-0000-0000-000000000000",
        "Link":"http://a.test/",
        "Bytes":"AQI=","Letter":"x","Flag":true,"Tiny":-1,"Small":1,"Whole":1,"Big":1,
        "Single":1.5,"Double":1.5,"Money":1.5,"Anything":[1,"x",null]}
        """)]
    [TestCase("/optional", """{"Needed":"a","MayBeNull":null,"Count":null,"Set":"b"}""")]
    [TestCase("/optional", """
        {"Needed":"a","MayBeNull":"b","Count":1,"WithDefault":"c","Number":1,"Level":"Low",
        "Other":"very high","Set":"d","Free":"e"}
        """)]
    [TestCase("/tree", """
        {"Name":"a","Children":[{"Name":"b","Children":[],"Parent":null}],"Parent":null}
        """)]
    [TestCase("/forest", "[[],[[]]]")]
    [TestCase("/animal", """{"is":-1,"Name":"Tom","Lives":7}""")]
    [TestCase("/animal", """{"is":2,"Name":"Rex","Friend":{"is":-1,"Name":"Tom","Lives":7}}""")]
    [TestCase("/shape", """{"Id":1}""")]
    [TestCase("/shape", """{"$type":"circle","Id":1,"Radius":2.5}""")]
    [TestCase("/twin", """{"Number":1}""")]
    [TestCase("/described", """
        {"First":"a","Second":"b","Part":{"Code":"00000000-0000-0000-0000-000000000000",
        "Count":null,"Seal":null},"Plain":null,"Noted":{"Number":1},"Any":{},
        "All":[{"Number":2}]}
        """)]
    [TestCase("/named", """{"FirstName":"a","the-name":"b"}""")]
    [TestCase("/snake", """{"first_name":"a","the-name":"b"}""")]
    [TestCase("/maps", """
        {"left":{"x":{"number":1}},"right":{"y":[{"text":"a"}]},"numbers":{"1":2},"digit":1}
        """)]
    [TestCase("/left", """{"Number":1}""")]
    [TestCase("/right", """{"Text":"a"}""")]
    [TestCase("/base", """{"$type":"right","Number":1}""")]
    [TestCase("/note", """{"Text":"a","Count":1,"Set":"b"}""")]
    [TestCase("/any", """[1,"x",null,{}]""")]
    [TestCase("/count", "7")]
    [TestCase("/numbers", "[1,null]")]
    public void What_the_application_takes_and_sends_is_valid(string path, string body)
    {
        using var server = new TestServer(TypesApplication.Make());
        TestResponse answer = server.Ask("POST", path, body);

        Assert.That(answer.Status, Is.EqualTo(200), answer.Text);
        Assert.That(Judge.IsValid(s_root, RequestSchema(path), body), Is.True);
        Assert.That(Judge.IsValid(s_root, ResponseSchema(path), answer.Text), Is.True, answer.Text);
    }

    [TestCase("/formats", """{"Made":"2026-12-01T10:00:00Z"}""")]
    [TestCase("/optional", """{"Needed":"a","MayBeNull":null,"Count":null}""")]
    [TestCase("/optional", """{"Needed":null,"MayBeNull":null,"Count":null,"Set":"b"}""")]
    [TestCase("/optional", """
        {"Needed":"a","MayBeNull":null,"Count":null,"Set":"b","Level":"Middle"}
        """)]
    [TestCase("/optional", """{"Needed":"a","MayBeNull":null,"Count":1.5,"Set":"b"}""")]
    [TestCase("/tree", """{"Name":"a","Children":[{"Name":"b"}],"Parent":null}""")]
    [TestCase("/tree", """{"Name":"a","Children":null,"Parent":null}""")]
    [TestCase("/forest", "[[],[1]]")]
    [TestCase("/animal", """{"is":3,"Name":"x"}""")]
    [TestCase("/animal", """{"Name":"x","Lives":7}""")]
    [TestCase("/shape", """{"$type":"circle","Radius":2.5}""")]
    [TestCase("/animal", """{"is":-1,"Name":"Tom"}""")]
    [TestCase("/animal", """{"is":2,"Name":"Rex","Friend":{"is":-1,"Name":"Tom"}}""")]
    [TestCase("/named", """{"FirstName":"a","Renamed":"b"}""")]
    [TestCase("/snake", """{"first_name":"a"}""")]
    [TestCase("/maps", """{"left":{"x":{"number":"one"}}}""")]
    [TestCase("/maps", """{"right":{"y":{"text":"a"}}}""")]
    [TestCase("/left", """{"Text":"a"}""")]
    [TestCase("/right", """{"Number":1}""")]
    [TestCase("/base", """{"$type":"middle","Number":1}""")]
    [TestCase("/note", """{"Text":"a","Count":"1","Set":"b"}""")]
    [TestCase("/count", "null")]
    [TestCase("/numbers", """["x"]""")]
    public void What_the_application_refuses_is_not_valid(string path, string body)
    {
        using var server = new TestServer(TypesApplication.Make());

        Assert.That(server.Ask("POST", path, body).Status, Is.EqualTo(400));
        Assert.That(Judge.IsValid(s_root, RequestSchema(path), body), Is.False);
    }

    private static JsonNode Component(string name) =>
        s_root["components"]!["schemas"]![name]!;

    private static JsonNode RequestSchema(string path) =>
        Operation(path)["requestBody"]!["content"]!["application/json"]!["schema"]!;

    private static JsonNode ResponseSchema(string path) =>
        Operation(path)["responses"]!["200"]!["content"]!["application/json"]!["schema"]!;

    private static JsonNode Operation(string path) => s_root["paths"]![path]!["post"]!;
}
