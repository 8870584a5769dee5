using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Hypersphere.Cli;

/// <summary>The one style of options: long names, a word for the value, a default that help shows, errors that name the option.</summary>
internal static class Options
{
    private const int LongestValue = 40;

    public static Option<int> Whole(string name, string value, string description, int? normal = null, int minimum = 1, int maximum = int.MaxValue) =>
        Number(name, value, description, normal, minimum, maximum, "a whole number");

    public static Option<double> Real(string name, string value, string description, double? normal = null, double minimum = 0, double maximum = 1e9) =>
        Number(name, value, description, normal, minimum, maximum, "a number");

    public static Option<string> Text(string name, string value, string description, string? normal = null, bool required = false)
    {
        var option = new Option<string>(name) { HelpName = value, Description = description, Arity = ArgumentArity.ExactlyOne, Required = required };
        if (normal is not null)
        {
            option.DefaultValueFactory = _ => normal;
        }

        return option;
    }

    public static Option<string> Choice(string name, string description, params string[] values)
    {
        string choices = string.Join('|', values);
        bool isLong = choices.Length > LongestValue;
        var option = new Option<string>(name)
        {
            HelpName = isLong ? "NAME" : choices, Description = isLong ? $"{description} One of {string.Join(", ", values)}." : description,
            Arity = ArgumentArity.ExactlyOne, DefaultValueFactory = _ => values[0],
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var given }] && !values.Contains(given))
            {
                result.AddError($"{name} must be {string.Join(", ", values[..^1])} or {values[^1]} but is “{given}”");
            }
        });
        return option;
    }

    /// <summary>The value of an option that others make necessary.</summary>
    public static T Needed<T>(this ParseResult parsed, Option<T> option) =>
        parsed.GetResult(option) is null ? throw new InputException($"{option.Name} is needed too.") : parsed.GetValue(option)!;

    public static Option<bool> Flag(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.Zero };

    public static Option<bool> Json() => Flag("--json", "Print JSON for programs instead of text for people.");

    public static Option<int> Threads() =>
        Whole("--threads", "N", "Threads that compute; the result does not depend on it.", Environment.ProcessorCount, maximum: 4096);

    public static Option<int> Seed() => Whole("--seed", "N", "Where all randomness comes from.", 0, minimum: 0);

    private static Option<T> Number<T>(string name, string value, string description, T? normal, T minimum, T maximum, string kind)
        where T : struct, INumber<T>
    {
        var option = new Option<T>(name)
        {
            HelpName = value, Description = description, Arity = ArgumentArity.ExactlyOne, CustomParser = Parse,
        };
        if (normal is { } number)
        {
            option.DefaultValueFactory = _ => number;
        }

        return option;

        T Parse(ArgumentResult result)
        {
            string text = result.Tokens[0].Value;
            if (!T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out T parsed))
            {
                result.AddError($"{name} must be {kind} but is “{text}”");
            }
            else if (!(parsed >= minimum && parsed <= maximum))
            {
                string range = maximum >= T.CreateSaturating(1e9) ? $"at least {minimum}" : $"in {minimum} … {maximum}";
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} must be {range} but is {text}"));
            }

            return parsed;
        }
    }
}
